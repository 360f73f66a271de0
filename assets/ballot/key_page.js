/* A trustee makes a key. The private half leaves the device as a file or on paper only. */
import { askToStay, begin, complain, keep, onSend, part, show, wordsIn } from "./page.js";
import { drawQr } from "./qr.js";
import { newTrustee } from "./trustee.js";

/* A name that files may have everywhere. */
function fileName(name) {
    return name.trim().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d")
        .replace(/Đ/g, "D").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

async function makeKey(root, say) {
    const name = root.querySelector("#name").value.trim(), file = fileName(name);
    if (file === "") {
        complain(root, "name-error", say("name_missing"));
        return;
    }
    complain(root, "name-error", "");
    const key = await newTrustee(), digits = key.private.replaceAll('"', "");
    for (const place of root.querySelectorAll("[data-part=owner]")) {
        place.textContent = name;
    }
    part(root, "digits").textContent = digits.match(/.{1,7}/g).join(" ");
    part(root, "qr").replaceChildren(drawQr(digits, say("qr")));
    part(root, "keep-private").addEventListener("click", () => keep(`${file}.privkey`, key.private));
    part(root, "keep-public").addEventListener("click", () => keep(`${file}.pubkey`, key.public));
    part(root, "print").addEventListener("click", () => window.print());
    window.addEventListener("beforeunload", askToStay);
    show(root, "made");
}

async function start(root) {
    const say = wordsIn(root);
    onSend(root.querySelector("[data-step=name] form"), () => makeKey(root, say));
    show(root, "name");
}

export function keyPage() {
    begin("key", start);
}
