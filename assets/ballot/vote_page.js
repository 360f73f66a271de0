/*
 * The voter's page: the card, the choices, a look at them, and the ballot, which is encrypted here.
 * What leaves the device is the encrypted ballot only. The same bytes are sent until the server says
 * that it has them.
 */
import { cardPublic, cardSecret, readCard } from "./card.js";
import { areAllowed, readElection } from "./election.js";
import { askToStay, begin, complain, hasAccents, keep, load, make, onCopy, onSend, part, Refusal,
    send, show, wordsIn } from "./page.js";
import { makePaper, stepCount } from "./paper.js";

/* How many may be chosen, in words. */
function ruleOf(say, question) {
    const { min, max, blank } = question, n = question.answers.length;
    if (max === 1) {
        return say(blank ? "one" : min === 1 ? "exactly_one" : "one_or_none");
    }
    return min === max ? say("exactly", max)
        : min > 1 ? say("between", min, max)
            : max === n && min === 0 ? say("any") : say(blank ? "most_or_blank" : "most", max);
}

/* A question as a group of fields, and a function that answers its choices. */
function questionField(say, question, number, count) {
    const single = question.max === 1, name = `q${number}`;
    const counter = make("p", { class: "choice-count", "aria-live": "polite" });
    const error = make("p", { class: "field-error", hidden: true, role: "alert" });
    const group = make("fieldset", { class: "question", id: name },
        make("legend", {}, count > 1 ? `${number}. ${question.question}` : question.question),
        make("p", { class: "field-hint" }, ruleOf(say, question)));
    const fields = [];
    const add = (text) => {
        const field = make("input", { class: "form-check-input", id: `${name}-${fields.length}`,
            type: single ? "radio" : "checkbox", name });
        group.append(make("label", { class: "choice" }, field, make("span", {}, text)));
        fields.push(field);
        return field;
    };
    const answers = question.answers.map((text) => add(text));
    const blank = question.blank ? add(say("blank")) : null;
    if (single && !question.blank && question.min === 0) {
        add(say("no_opinion"));
    }
    const chosen = () => answers.filter((field) => field.checked).length;
    group.addEventListener("change", (event) => {
        if (blank && !single) {
            if (event.target === blank && blank.checked) {
                answers.forEach((field) => { field.checked = false; });
            } else if (event.target.checked) {
                blank.checked = false;
            }
        }
        if (!single) {
            counter.textContent = say("counted", chosen(), question.max);
            counter.classList.toggle("is-problem", chosen() > question.max);
        }
        error.hidden = true;
    });
    if (!single) {
        counter.textContent = say("counted", 0, question.max);
        group.append(counter);
    }
    group.append(error);
    return {
        group, error,
        /* One number per slot; null when nothing is chosen where something must be. */
        choices: () => {
            const slots = answers.map((field) => Number(field.checked));
            if ((single || question.min > 0) && !fields.some((field) => field.checked)) {
                return null;
            }
            return question.blank ? [Number(blank.checked), ...slots] : slots;
        },
        focus: () => fields[0].focus(),
        forget: () => fields.forEach((field) => { field.checked = false; }),
    };
}

/* What was chosen, for people. */
function reviewOf(say, question, choices) {
    const slots = question.blank ? choices.slice(1) : choices;
    const texts = question.answers.filter((text, i) => slots[i] === 1);
    const words = question.blank && choices[0] === 1 ? say("blank")
        : texts.length > 0 ? null : say(question.max === 1 ? "no_opinion" : "none");
    return make("div", { class: "review-answer" }, make("dt", {}, question.question),
        ...(words ? [words] : texts).map((text) => make("dd", {}, text)));
}

async function start(root, card) {
    const address = location.pathname.replace(/\/$/, "");
    const election = await readElection(await load(`${address}/election.json`));
    const listed = new Set(JSON.parse(new TextDecoder().decode(
        await load(`${address}/credentials.json`))));
    const say = wordsIn(root);
    let secret = null, choices = null, paper = null;

    const fields = election.questions.map((question, i) =>
        questionField(say, question, i + 1, election.questions.length));
    part(root, "questions").append(...fields.map((field) => field.group));

    async function enter() {
        const typed = root.querySelector("#card").value, text = readCard(typed);
        if (text === null) {
            complain(root, "card-error", say(hasAccents(typed) ? "accents" : "card_wrong"));
            return;
        }
        if (!listed.has(String(await cardPublic(text, election.uuid)))) {
            complain(root, "card-error", say("card_foreign"));
            return;
        }
        complain(root, "card-error", "");
        secret = await cardSecret(text, election.uuid);
        root.querySelector("#card").value = "";
        show(root, "choose");
    }

    function look() {
        choices = fields.map((field) => field.choices());
        const wrong = election.questions.map((question, i) => choices[i] === null ||
            !areAllowed({ questions: [question] }, [choices[i]]));
        fields.forEach((field, i) => {
            field.error.hidden = !wrong[i];
            field.error.textContent = wrong[i]
                ? say(choices[i] === null ? "choose_one" : "choose_right",
                    ruleOf(say, election.questions[i])) : "";
        });
        if (wrong.includes(true)) {
            fields[wrong.indexOf(true)].focus();
            return;
        }
        part(root, "review").replaceChildren(...election.questions.map((question, i) =>
            reviewOf(say, question, choices[i])));
        show(root, "review");
    }

    async function encrypt() {
        const bar = part(root, "progress");
        bar.value = 0;
        bar.max = stepCount(election);
        return makePaper(election, secret, choices, { step: () => { bar.value += 1; } })
            .catch(() => { throw new Refusal(say("unmade"), 0); });
    }

    /* Nothing of the vote stays in the page, also when the voter leaves it open. */
    function forget() {
        secret = null;
        choices = null;
        fields.splice(0).forEach((field) => field.forget());
        part(root, "questions").replaceChildren();
        part(root, "review").replaceChildren();
        window.removeEventListener("beforeunload", askToStay);
    }

    /* Once the ballot was sent, only a refusal by the server says that it is not in the box: a proxy's
     * page, or a network's that wants to be signed in to, may come when it is. */
    async function cast() {
        show(root, "sending");
        part(root, "sending-title").textContent = say("title_sending");
        complain(root, "sending-error", "");
        part(root, "again").hidden = true;
        part(root, "over").hidden = true;
        part(root, "working").hidden = false;
        try {
            paper = paper ?? await encrypt();
            const { tracker } = await send(`${address}/ballots`, paper.text);
            if (tracker !== paper.tracker) {
                throw new Refusal("", 0);
            }
            forget();
            part(root, "tracker").textContent = tracker;
            part(root, "find").href = `${address}/trackers#${encodeURIComponent(tracker)}`;
            show(root, "done");
        } catch (error) {
            const refusal = error instanceof Refusal ? error : new Refusal("", 0);
            const { message, isPassing } = refusal;
            part(root, "working").hidden = true;
            part(root, "again").hidden = !isPassing;
            part(root, "over").hidden = isPassing;
            part(root, "sending-title").textContent = say(refusal.code === "replayed"
                ? "title_replaced" : isPassing && paper !== null ? "title_unknown" : "title_refused");
            complain(root, "sending-error", message || say("cut", paper.tracker));
            if (!isPassing) {
                forget();
            }
        }
    }

    onSend(root.querySelector("[data-step=card] form"), enter);
    onSend(root.querySelector("[data-step=choose] form"), look);
    onSend(root.querySelector("[data-step=review] form"), () => {
        window.addEventListener("beforeunload", askToStay);
        return cast();
    });
    onSend(root.querySelector("[data-step=sending] form"), cast);
    part(root, "change").addEventListener("click", () => show(root, "choose"));
    onCopy(part(root, "copy"), part(root, "tracker"), say("copied"));
    part(root, "keep").addEventListener("click", () =>
        keep(say("file"), `${election.name}\n${part(root, "tracker").textContent}\n`));
    part(root, "print").addEventListener("click", () => window.print());

    show(root, "card");
    if (card !== "") {
        root.querySelector("#card").value = card;
        await enter();
    }
}

export function votePage(card) {
    begin("vote", (root) => start(root, card));
}
