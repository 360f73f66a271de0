/* An election that is not open yet. Who came with a card need not scan it again when it is. */
import { awaitOpening, rootOf } from "./page.js";

export function waitingPage(card) {
    const root = rootOf("waiting");
    if (!root || card === "") {
        return;
    }
    awaitOpening(root, (page) => {
        if (page.querySelector("[data-ballot=waiting]")) {
            return false;
        }
        /* The same address with the card: the page begins anew, and takes the card out of it. */
        location.replace(`#${encodeURIComponent(card)}`);
        return true;
    });
}
