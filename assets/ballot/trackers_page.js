/* The list of trackers: find one's own. */
import { complain, onSend, part, rootOf, wordsIn } from "./page.js";

export function trackersPage(tracker) {
    const root = rootOf("trackers");
    if (!root) {
        return;
    }
    const say = wordsIn(root), field = root.querySelector("#tracker");
    const rows = [...root.querySelectorAll("[data-tracker]")];

    function find() {
        const wanted = field.value.replace(/\s/g, "");
        const found = rows.find((row) => row.dataset.tracker === wanted);
        rows.forEach((row) => row.classList.toggle("is-found", row === found));
        part(root, "found").hidden = !found;
        complain(root, "find-error", found ? "" : say("not_found"));
        if (found) {
            found.scrollIntoView({ block: "center" });
        }
    }
    onSend(root.querySelector("form[data-find]"), find);
    root.querySelector("form[data-find]").hidden = false;
    field.value = tracker;
    if (field.value !== "") {
        find();
    }
}
