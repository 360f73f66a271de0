/* The pages of the secret ballot: of each page its own script. */
import { cardsPage } from "./ballot/cards_page.js";
import { homePage } from "./ballot/home_page.js";
import { keyPage } from "./ballot/key_page.js";
import { takeFragment } from "./ballot/page.js";
import { trackersPage } from "./ballot/trackers_page.js";
import { trusteePage } from "./ballot/trustee_page.js";
import { votePage } from "./ballot/vote_page.js";
import { waitingPage } from "./ballot/waiting_page.js";

/* On every page: wherever a card's code led, it does not stay in the address. */
const fragment = takeFragment();

homePage(fragment);
waitingPage(fragment);
votePage(fragment);
trackersPage(fragment);
keyPage();
cardsPage();
trusteePage();
