// Counts, a local copy of what is typed, and the words of a chosen point.
// Everything else is htmx attributes; every page works without this file.
(() => {
  const area = document.querySelector("textarea[data-keep]");
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, text) => { try { localStorage.setItem(key, text); } catch { /* full or forbidden */ } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* forbidden */ } },
  };

  if (area) {
    const key = `draft:${area.dataset.keep}`;
    const size = document.querySelector("[data-size]");
    const offer = document.querySelector("[data-local]");
    let inFlight = "";
    const count = () => {
      size.querySelector("[data-length]").textContent = [...area.value].length;
      size.querySelector("[data-words]").textContent = area.value.split(/\s+/).filter(Boolean).length;
      size.toggleAttribute("data-over", [...area.value].length > Number(size.dataset.most));
    };
    const sentKey = `sent:${area.dataset.keep}`;
    const copy = store.get(key) ?? store.get(sentKey);
    if (copy !== null && copy !== area.value) offer.hidden = false;
    else [key, sentKey].forEach(store.drop);
    area.addEventListener("input", () => { count(); store.set(key, area.value); });
    area.form.addEventListener("submit", () => { store.set(sentKey, area.value); store.drop(key); });
    count();
    offer.querySelector("[data-local-use]").addEventListener("click", () => {
      area.value = copy;
      offer.hidden = true;
      area.focus();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    });
    offer.querySelector("[data-local-drop]").addEventListener("click", () => {
      [key, sentKey].forEach(store.drop);
      offer.hidden = true;
      area.focus();
    });
    area.addEventListener("htmx:beforeRequest", () => { inFlight = area.value; });
    area.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.successful && area.value === inFlight) store.drop(key);
      if (!event.detail.successful && !document.querySelector("#draft-state .notice")) {
        const say = document.createElement("span");
        say.textContent = "Not saved yet; kept in this browser.";
        document.querySelector("#draft-state").append(say);
      }
    });
  }

  const sent = document.querySelector("[data-sent]");
  if (sent) store.drop(`sent:${sent.dataset.sent}`);

  const choose = () => {
    const [, number] = location.hash.match(/^#(?:criterion|words)-(\d+)/) ?? [];
    for (const mark of document.querySelectorAll("mark[data-marks]")) {
      mark.toggleAttribute("data-chosen", mark.dataset.marks.split(" ").includes(number));
    }
  };
  addEventListener("hashchange", choose);
  choose();
})();
