// A page that waits for others asks for itself again: what has changed in [data-again] is shown, and where the answer leads
// elsewhere the page goes there. A button [data-copy] copies the field it names.
(() => {
  const pause = 1500;
  const main = document.querySelector('main');
  async function look() {
    if (!main.isConnected) return; // the page was left
    try {
      const res = await fetch(location.href, { headers: { accept: 'text/html' }, redirect: 'manual' });
      if (res.type === 'opaqueredirect') return location.reload();
      const doc = new DOMParser().parseFromString(await res.text(), 'text/html');
      const now = document.querySelector('[data-again]'), then = doc.querySelector('[data-again]');
      if (res.ok && then && now.innerHTML !== then.innerHTML) now.innerHTML = then.innerHTML;
    } catch { } // no signal: the next time, perhaps
    setTimeout(look, pause);
  }
  setTimeout(look, pause);

  for (const button of document.querySelectorAll('[data-copy]')) {
    if (!navigator.clipboard) continue; // the field can be copied by hand
    button.hidden = false;
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
        button.textContent = button.dataset.done;
      } catch { } // not allowed: the field can be copied by hand
    });
  }
})();
