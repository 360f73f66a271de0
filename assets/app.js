/* What makes pages nicer; each works without it. No inline handlers: the policy forbids them. */
import "./sheet.js";

/* A form is sent once, however often its button is pressed. */
document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) {
        event.preventDefault();
        return;
    }
    const question = form.dataset.confirm;
    if (question && !window.confirm(question)) {
        event.preventDefault();
        return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
});

/* A page that the browser brings back from its memory may be sent again. */
window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
        delete form.dataset.sent;
        form.removeAttribute("aria-busy");
    }
});

/* What was typed is not lost by a wrong click, in forms that ask for it with data-guard. */
let changed = false;
document.addEventListener("input", (event) => {
    if (event.target.form && "guard" in event.target.form.dataset) {
        changed = true;
    }
});
document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) {
        changed = false;
    }
});
window.addEventListener("beforeunload", (event) => {
    if (changed) {
        event.preventDefault();
    }
});

/* Escape closes the menu of a phone. */
document.addEventListener("keydown", (event) => {
    const menu = document.querySelector("details.menu-phone[open]");
    if (event.key === "Escape" && menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
    }
});

/* After a refusal the first field that is wrong is where one goes on. */
const wrong = document.querySelector("[aria-invalid=true]");
if (wrong) {
    wrong.focus();
}
