// Keeps the public board of a contest up to date while somebody looks: asks for its table every few seconds, mostly hears
// that it is the same, and lets rows slide to their new places. The server says how soon to ask again. Without it the page is whole, and a link reloads it.
(() => {
  const USUAL = 5000, LONGEST = 60_000, SAID_EVERY = 30_000; // milliseconds
  let stop = () => {};
  let said = 0;

  function start() {
    stop();
    const table = document.querySelector('[data-live]');
    if (!table) return;
    const figures = document.querySelector('[data-figures]'), stalled = document.querySelector('[data-stalled]');
    let timer, usual = USUAL, failures = 0, gone = new AbortController();

    function later() {
      clearTimeout(timer);
      if (document.hidden) return; // the page asks again as soon as it is looked at
      const pause = Math.min(usual * 2 ** failures, LONGEST);
      timer = setTimeout(ask, pause * (0.75 + Math.random() / 2)); // not all at once
    }

    async function ask() {
      clearTimeout(timer);
      try {
        const limit = AbortSignal.timeout?.(10_000), signal = limit && AbortSignal.any ? AbortSignal.any([limit, gone.signal]) : gone.signal;
        const res = await fetch(table.dataset.live, { headers: { 'if-none-match': table.dataset.tag }, cache: 'no-store', signal });
        if (res.status !== 304 && !res.ok) throw new Error(`status ${res.status}`);
        if (res.status === 200) {
          const html = await res.text();
          if (gone.signal.aborted) return;
          table.dataset.tag = res.headers.get('etag');
          show(table, html);
        }
        const at = res.headers.get('x-figures-at');
        if (figures && at) figures.textContent = at;
        usual = Number(res.headers.get('x-ask-after')) || USUAL;
        failures = 0;
      } catch (err) {
        if (gone.signal.aborted) return;
        failures++;
      }
      if (stalled) stalled.hidden = failures < 2;
      later();
    }

    const looked = () => { if (document.hidden) clearTimeout(timer); else ask(); };
    document.addEventListener('visibilitychange', looked);
    stop = () => { clearTimeout(timer); gone.abort(); document.removeEventListener('visibilitychange', looked); stop = () => {}; };
    later();
  }

  const rows = table => new Map([...table.querySelectorAll('[data-key]')].map(row => [row.dataset.key, row]));

  function show(table, html) {
    const before = new Map([...rows(table)].map(([key, row]) => [key, { top: row.getBoundingClientRect().top, open: !!row.querySelector('details[open]') }]));
    const focused = document.activeElement?.closest?.('[data-key]')?.dataset.key;
    table.innerHTML = html;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches, now = rows(table);
    for (const [key, row] of now) if (before.get(key)?.open) row.querySelector('details').open = true;
    if (focused) now.get(focused)?.querySelector('summary')?.focus({ preventScroll: true });
    let moved = false;
    for (const [key, row] of now) {
      const was = before.get(key);
      const by = was ? was.top - row.getBoundingClientRect().top : 0;
      moved ||= !was || Math.abs(by) > 1;
      if (calm || !row.animate) continue;
      const timing = { duration: 200, easing: 'ease-out' };
      if (!was) row.animate([{ opacity: 0 }, { opacity: 1 }], timing);
      else if (Math.abs(by) > 1) row.animate([{ transform: `translateY(${by}px)` }, { transform: 'none' }], timing);
    }
    const say = document.getElementById('announce');
    if (moved && say && Date.now() - said > SAID_EVERY) {
      said = Date.now();
      say.textContent = '';
      setTimeout(() => { say.textContent = table.dataset.updated; }, 100); // a live region is read out when it changes
    }
  }

  addEventListener('page-leave', () => stop());
  // Between two boards the page is moved to, not loaded: this code stays and the table is another one.
  window.navigation?.addEventListener('navigatesuccess', start);
  addEventListener('pageshow', e => { if (e.persisted) start(); });
  start();
})();
