// Counts, a local copy of what is typed, what did not reach us, a chosen point's words.
// The rest is htmx attributes; every page works without this file.
(() => {
  const local = (act, ...rest) => {
    try { return localStorage[act](...rest); } catch { return null; } // full or forbidden
  };
  const area = document.querySelector("textarea[data-keep]");
  if (area) {
    const [key, sentKey] = [`draft:${area.dataset.keep}`, `sent:${area.dataset.keep}`];
    const drop = () => [key, sentKey].forEach((name) => local("removeItem", name));
    const size = document.querySelector("[data-size]");
    const words = size.querySelector("[data-words]");
    const offer = document.querySelector("[data-local]");
    let [inFlight, leaving] = ["", false];
    const count = () => {
      const length = [...area.value].length;
      size.querySelector("[data-length]").textContent = length.toLocaleString("en-GB");
      if (words) words.textContent = area.value.split(/\s+/).filter(Boolean).length;
      size.toggleAttribute("data-over", length > Number(size.dataset.most));
    };
    const settle = (text) => {
      offer.hidden = true;
      area.focus();
      area.value = text;
      area.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const copy = local("getItem", key) ?? local("getItem", sentKey);
    if (copy !== null && copy !== area.value) offer.hidden = false; else drop();
    area.addEventListener("input", () => { count(); local("setItem", key, area.value); });
    area.form.addEventListener("submit", () => {
      leaving = true; // or a late save would bring back, as a draft, what was just sent
      local("setItem", sentKey, area.value);
      local("removeItem", key);
    });
    offer.querySelector("[data-local-use]").addEventListener("click", () => settle(copy));
    offer.querySelector("[data-local-drop]").addEventListener("click", () => { drop(); settle(area.value); });
    addEventListener("pageshow", () => { leaving = false; });
    area.addEventListener("htmx:beforeRequest", (event) => (leaving ? event.preventDefault() : inFlight = area.value));
    area.addEventListener("htmx:afterRequest", (event) => event.detail.successful && area.value === inFlight && drop());
    count();
  }
  document.querySelectorAll("[data-sent]").forEach((sent) => local("removeItem", `sent:${sent.dataset.sent}`));

  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, ({ detail: { target } }) => {
      const note = target.querySelector(".unreached") ?? document.createElement("p");
      note.className = "unreached fault";
      note.textContent = "The server did not take this. What you typed is kept in this browser.";
      target.append(note);
    });
  }
  const choose = () => {
    const [, number] = location.hash.match(/^#(?:criterion|words)-(\d+)/) ?? [];
    document.querySelectorAll("mark[data-marks]").forEach((mark) =>
      mark.toggleAttribute("data-chosen", mark.dataset.marks.split(" ").includes(number)));
  };
  addEventListener("hashchange", choose);
  choose();
})();
