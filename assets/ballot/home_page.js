/*
 * The elections that are here. A card's QR code leads here: its card goes on to the election that is
 * open. It stands in the address of such a page only, which takes it out; until one is open, the page
 * keeps it.
 */
import { awaitOpening, part, rootOf } from "./page.js";

export function homePage(card) {
    const root = rootOf("home");
    if (!root || card === "") {
        return;
    }

    /* Is there an election that the card may be for? */
    function pass() {
        const links = [...root.querySelectorAll("a[data-voting]")];
        for (const link of links) {
            link.hash = encodeURIComponent(card);
        }
        if (links.length === 1) {
            location.replace(links[0].href);
        }
        return links.length > 0;
    }

    if (!pass()) {
        awaitOpening(root, (page) => {
            part(root, "list").replaceWith(part(page, "list"));
            return pass();
        });
    }
}
