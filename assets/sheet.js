/*
 * The score sheet with a script: each cell is saved when it is left, in the same form fields that
 * the page sends without one. What could not be sent stays on the page, marked, and is tried again.
 */
const form = document.querySelector("form[data-sheet]");
if (form && form.querySelector("[data-words]")) {
    start(form);
}

function start(form) {
    const words = {};
    for (const item of form.querySelectorAll("[data-word]")) {
        words[item.dataset.word] = item.textContent;
    }
    const waiting = new Set(); /* names of cells that are to be sent */
    const wrong = new Set(); /* those that were refused, until they are changed */
    let sending = false, timer = 0, delay = 2000;

    const said = form.querySelector("[data-said]");
    const named = (name) => [...form.elements].filter((field) => field.name === name);
    const rowOf = (name) => named(name)[0]?.closest("[data-row]");
    const lineOf = (name) => rowOf(name)?.querySelector("[data-status]");

    /* The name of the cell that a field belongs to: boxes of a checklist are one cell, and note and
     * evidence are one. */
    function cellOf(field) {
        const kind = field.name.slice(0, 2);
        if (!["v:", "t:", "c:", "n:", "e:"].includes(kind)) {
            return null;
        }
        return kind === "c:" ? field.name.replace(/:none$/, "")
            : kind === "e:" ? `n:${field.name.slice(2)}` : field.name;
    }
    function fieldsOf(cell) {
        const kind = cell.slice(0, 2);
        return kind === "c:" ? [...named(cell), ...named(`${cell}:none`)]
            : kind === "n:" ? [...named(cell), ...named(`e:${cell.slice(2)}`)] : named(cell);
    }
    function say(cell, text, problem) {
        const line = lineOf(cell);
        if (line) {
            line.textContent = text;
            line.classList.toggle("is-problem", Boolean(problem));
        }
    }
    function mark(cell, invalid) {
        for (const field of fieldsOf(cell)) {
            field.classList.toggle("is-invalid", invalid);
            if (invalid) {
                field.setAttribute("aria-invalid", "true");
            } else {
                field.removeAttribute("aria-invalid");
            }
        }
    }
    function state(cell) {
        return fieldsOf(cell).map((field) =>
            field.type === "checkbox" ? (field.checked ? `${field.value}` : "") : field.value)
            .join("\n");
    }
    const known = new Map();
    function remember(cell) {
        known.set(cell, state(cell));
    }
    for (const field of form.elements) {
        const cell = cellOf(field);
        if (cell && !known.has(cell)) {
            remember(cell);
        }
    }

    function body(cells) {
        const sent = new URLSearchParams();
        sent.set("csrf", form.elements.csrf.value);
        for (const cell of cells) {
            for (const field of fieldsOf(cell)) {
                if (field.type !== "checkbox" || field.checked) {
                    sent.append(field.name, field.value);
                }
            }
            sent.set(`s${cell}`, named(`s${cell}`)[0]?.value ?? "0");
        }
        return sent;
    }

    function later() {
        window.clearTimeout(timer);
        timer = window.setTimeout(flush, delay);
        delay = Math.min(delay * 2, 60000);
    }

    /* A new session has a new token: it stands on the page. */
    async function renew() {
        const page = await fetch(form.dataset.page, { headers: { Accept: "text/html" } });
        const text = await page.text();
        const token = new DOMParser().parseFromString(text, "text/html")
            .querySelector("form[data-sheet] input[name=csrf]");
        if (!token) {
            return false;
        }
        for (const field of document.querySelectorAll("input[name=csrf]")) {
            field.value = token.value;
        }
        return true;
    }

    function askToSignIn() {
        said.textContent = `${words.signin} `;
        const link = document.createElement("a");
        link.href = "/sign-in";
        link.target = "_blank";
        link.rel = "noopener";
        link.textContent = words.signinlink;
        said.append(link);
    }

    function show(answer) {
        for (const row of answer.rows) {
            const points = form.querySelector(`[data-points="${row.id}"]`);
            const note = form.querySelector(`[data-state="${row.id}"]`);
            if (points) {
                points.textContent = row.points;
            }
            if (note) {
                note.textContent = row.state ?? "";
            }
        }
        form.querySelector("[data-total]").textContent = answer.total;
        form.querySelector("[data-progress]").textContent = answer.progress;
    }

    function saved(cells, states, answer) {
        show(answer);
        form.elements.seen.value = answer.version;
        for (const cell of answer.cells) {
            const seen = named(`s${cell.name}`)[0];
            if (seen && cell.version !== undefined) {
                seen.value = cell.version;
            }
        }
        for (const cell of cells) {
            wrong.delete(cell);
            mark(cell, false);
            say(cell, `${words.saved} ${answer.clock}`);
            for (const field of fieldsOf(cell)) {
                const old = named(`o${field.name}`)[0];
                if (old && field.type !== "checkbox") {
                    old.value = field.value;
                }
            }
            const value = answer.cells.find((one) => one.name === cell)?.value;
            const old = named(`o${cell}`)[0];
            if (cell.startsWith("c:") && old && value !== undefined) {
                old.value = value;
            }
            known.set(cell, states.get(cell));
            if (state(cell) === states.get(cell)) {
                waiting.delete(cell);
            }
        }
        said.textContent = `${words.saved} ${answer.clock}`;
        document.querySelector("[data-changed]").textContent = said.textContent;
        delay = 2000;
    }

    function button(text, action) {
        const made = document.createElement("button");
        made.type = "button";
        made.className = "btn btn-outline-secondary";
        made.textContent = text;
        made.addEventListener("click", action);
        return made;
    }

    function put(cell, value) {
        if (cell.startsWith("c:")) {
            const parts = value.split(" ");
            for (const field of named(cell)) {
                field.checked = parts.includes(field.value);
            }
            named(`${cell}:none`)[0].checked = value === "none";
        } else if (named(cell)[0]) {
            named(cell)[0].value = value;
        }
    }

    /* Two wrote: both values, and a choice. */
    function choose(clash, answer) {
        const cell = clash.name;
        const now = answer.cells.find((one) => one.name === cell);
        const line = lineOf(cell);
        const theirs = cell.startsWith("n:") ? `${clash.note} ${clash.evidence}`.trim() : now.value;
        waiting.delete(cell);
        mark(cell, true);
        say(cell, `${clash.by ?? "?"} (${clash.at}) ${words.wrote} ${theirs || "–"} `, true);
        const settle = (keep) => {
            wrong.delete(cell);
            named(`s${cell}`)[0].value = now.version;
            if (!keep && cell.startsWith("n:")) {
                named(cell)[0].value = clash.note;
                named(`e:${cell.slice(2)}`)[0].value = clash.evidence;
            } else if (!keep) {
                put(cell, now.value);
            }
            mark(cell, false);
            say(cell, "");
            if (keep) {
                waiting.add(cell);
                flush();
            } else {
                remember(cell);
            }
        };
        line.append(button(words.theirs, () => settle(false)), button(words.mine, () => settle(true)));
    }

    function refused(cells, answer) {
        show(answer);
        for (const cell of cells) {
            waiting.delete(cell);
        }
        for (const problem of answer.problems) {
            mark(problem.name, true);
            say(problem.name, problem.message, true);
        }
        for (const clash of answer.clashes) {
            choose(clash, answer);
        }
        for (const one of [...answer.problems, ...answer.clashes]) {
            wrong.add(one.name);
        }
        /* What was sent beside it stays to be sent; a pasted column only as a whole. */
        const rest = cells.filter((cell) => !wrong.has(cell));
        for (const cell of rest) {
            waiting.add(cell);
            say(cell, words.saving);
        }
        return rest.length > 0 && !together;
    }
    let together = false;

    async function flush() {
        if (sending || waiting.size === 0) {
            return;
        }
        const cells = [...waiting];
        const states = new Map(cells.map((cell) => [cell, state(cell)]));
        sending = true;
        let again = false;
        try {
            const response = await fetch(form.dataset.sheet, { method: "POST", body: body(cells),
                headers: { Accept: "application/json" } });
            if (response.ok) {
                saved(cells, states, await response.json());
                again = waiting.size > 0;
            } else if (response.status === 422 || response.status === 409) {
                again = refused(cells, await response.json());
            } else if (response.status === 401) {
                for (const cell of waiting) { /* also those left meanwhile */
                    say(cell, words.signin, true);
                }
                askToSignIn();
            } else if (response.status === 403 || response.status === 404) {
                const wasOld = form.elements.csrf.value;
                if (await renew() && form.elements.csrf.value !== wasOld) {
                    again = true;
                } else {
                    for (const cell of waiting) {
                        say(cell, words.closed, true);
                    }
                    said.textContent = words.closed;
                }
            } else {
                throw new Error(`${response.status}`);
            }
        } catch {
            for (const cell of waiting) {
                say(cell, words.waiting, true);
            }
            said.textContent = words.waiting;
            later();
        }
        sending = false;
        together = false;
        if (again) {
            flush();
        }
    }

    function leave(field) {
        const cell = cellOf(field);
        if (cell && known.get(cell) !== state(cell)) {
            waiting.add(cell);
            say(cell, words.saving);
            flush();
        }
    }

    form.addEventListener("change", (event) => {
        const field = event.target;
        if (field.type === "checkbox" && field.checked) {
            const none = field.name.endsWith(":none") && field.name.startsWith("c:");
            const cell = cellOf(field);
            for (const other of none ? named(cell) : named(`${cell}:none`)) {
                other.checked = false;
            }
        }
        leave(field);
    });

    /* Coming back from signing in elsewhere, or to a connection. */
    async function back() {
        if (waiting.size > 0 && !sending) {
            delay = 2000;
            try {
                if (await renew()) {
                    flush();
                }
            } catch {
                later();
            }
        }
    }
    window.addEventListener("focus", back);
    window.addEventListener("online", back);
    window.addEventListener("beforeunload", (event) => {
        if (waiting.size + wrong.size > 0 && !leaving) {
            event.preventDefault();
        }
    });
    let leaving = false;
    form.addEventListener("submit", (event) => {
        leaving = !event.defaultPrevented;
        waiting.clear(); /* the form itself carries everything */
    });

    /* Up and down as in a spreadsheet. */
    const boxes = () => [...form.querySelectorAll("input.sheet-number")];
    form.addEventListener("keydown", (event) => {
        if (!event.target.matches?.("input.sheet-number")) {
            return;
        }
        const step = event.key === "ArrowUp" ? -1
            : event.key === "ArrowDown" || event.key === "Enter" ? 1 : 0;
        if (step === 0) {
            return;
        }
        event.preventDefault();
        leave(event.target);
        const all = boxes();
        const next = all[all.indexOf(event.target) + step];
        next?.focus();
        next?.select();
    });

    /* A column of a spreadsheet fills the boxes below, after a look at it. */
    form.addEventListener("paste", (event) => {
        const field = event.target;
        const text = event.clipboardData?.getData("text/plain") ?? "";
        const lines = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n");
        if (!field.matches?.("input.sheet-number") || lines.length < 2) {
            return;
        }
        event.preventDefault();
        const kind = field.name.slice(0, 2);
        const all = boxes().filter((box) => box.name.startsWith(kind));
        const first = all.indexOf(field);
        const pasted = lines.map((words, i) =>
            ({ box: all[first + i], value: words.split("\t")[0].trim() }));
        const filled = pasted.filter((one) => one.box);
        const over = pasted.filter((one) => !one.box && one.value !== "");
        const line = lineOf(field.name);
        const close = () => {
            line.textContent = "";
            field.focus();
        };
        line.textContent = `${words.paste} `;
        const list = document.createElement("ul");
        for (const one of filled) {
            const entry = document.createElement("li");
            const row = one.box.closest("[data-row]");
            entry.textContent = `${row.querySelector(".sheet-no").textContent.trim()}: ${one.value}`;
            list.append(entry);
        }
        const left = document.createElement("p");
        left.className = "is-problem";
        left.textContent = over.length === 0 ? ""
            : `${words.over} ${over.map((one) => one.value).join("; ")}`;
        const fill = button(words.yes, () => {
            close();
            for (const one of filled) {
                one.box.value = one.value;
                waiting.add(one.box.name);
                say(one.box.name, words.saving);
            }
            together = true;
            flush();
        });
        line.append(list, left, fill, button(words.no, close));
        fill.focus();
    });
}
