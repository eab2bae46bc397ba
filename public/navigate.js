// Wakes the islands of a page, and moves between pages without a reload where the browser has the Navigation API;
// elsewhere links are plain links, and without WebAssembly the page stays the forms and links that the server sent.
//
// In a move the new body replaces the old one whole: nothing is compared, so nothing can be half old. POST forms,
// downloads, #hash, reload and whatever has rel=external are left to the browser.
//
// Islands hear `page-leave` on window before their page goes. By then the address is the new one already.
(() => {
  const { body } = document;
  const named = document.querySelector('meta[name=module]');
  const js = named?.content, wasm = named?.dataset.wasm;
  const able = js && typeof WebAssembly === 'object';
  let code; // the promise of the islands' code: loaded once, by the first page that has an island
  let fetchedAhead = false;

  function load() {
    code ??= import(js).then(async mod => { await mod.default({ module_or_path: wasm }); mod.hydrate?.(); return mod; });
    // No signal, or a browser too old for this wasm: the page works without, and the next one tries again.
    return code.catch(err => { code = undefined; console.info('islands stay asleep', err); });
  }

  // In document order; an island inside another's children tells that one's children first, as leptos expects.
  async function wake(body) {
    if (!able) return;
    if (!body.querySelector('leptos-island')) return fetchAhead();
    const mod = await load();
    if (!mod) return;
    for (const island of body.querySelectorAll('leptos-island')) {
      if (!island.isConnected) continue; // the page was left meanwhile
      try {
        island.parentElement.closest('leptos-children')?.$$on_hydrate?.();
        await mod[island.dataset.component]?.(island);
      } catch (err) { reportError(err); } // one broken island does not keep the others asleep
    }
    body.dataset.awake = ''; // for tests, and for styles of what only an island can do
  }

  // A page without islands has time to fetch the code for the next page, unless every byte counts.
  function fetchAhead() {
    const line = navigator.connection;
    if (fetchedAhead || code || line?.saveData || line?.effectiveType?.includes('2g')) return;
    fetchedAhead = true;
    const idle = window.requestIdleCallback ?? (f => setTimeout(f, 1000));
    const go = () => idle(() => { for (const url of [js, wasm]) fetch(url, { priority: 'low' }).then(r => r.arrayBuffer()).catch(() => {}); });
    if (document.readyState === 'complete') go(); else window.addEventListener('load', go);
  }

  // Answers that a contest's page had to leave on the phone go out from the next page, whichever it is.
  async function sendAnswers() {
    const prefix = 'zhijian.contest.';
    if (document.querySelector('.stage-form')) return; // that page sends for itself
    try {
      for (const name of Object.keys(localStorage).filter(n => n.startsWith(prefix))) {
        let kept = false;
        for (const { event, question, revision, answer } of JSON.parse(localStorage[name])) {
          const body = JSON.stringify({ id: event, attempt: name.slice(prefix.length), question, revision, answer });
          const res = await fetch('/api/contest/answer', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
          if (res.status === 404) { kept = true; break; } // of another person who uses this phone
          if (!res.ok && res.status !== 409 && res.status !== 422) return; // not now; else saved, kept as late, or never to be
        }
        if (!kept) localStorage.removeItem(name);
      }
    } catch { } // no signal, or nothing may be stored here
  }

  wake(body);
  sendAnswers();
  window.addEventListener('online', sendAnswers);
  if (!window.navigation) return;

  const get = (url, signal) => fetch(url, { signal, headers: { accept: 'text/html' } });

  // The finger goes down a tenth of a second before the click: a page asked for then comes that much sooner.
  let ahead = null; // { url, at, stop, res }: one page, for five seconds
  document.addEventListener('pointerdown', e => {
    const a = e.target.closest?.('a[href]');
    if (!a || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    if (a.origin !== location.origin || a.hasAttribute('download') || a.relList.contains('external') || (a.target && a.target !== '_self')) return;
    if (a.hash && a.pathname + a.search === location.pathname + location.search) return;
    const stop = new AbortController(), url = a.href.split('#')[0];
    ahead?.stop.abort();
    ahead = { url, at: performance.now(), stop, res: get(url, stop.signal) };
    ahead.res.catch(() => {}); // whoever takes it up hears of it
  });
  document.addEventListener('pointercancel', () => { ahead?.stop.abort(); ahead = null; }); // it was a scroll
  function take(url, signal) {
    const got = ahead;
    ahead = null;
    if (got?.url !== url || performance.now() - got.at > 5000) { got?.stop.abort(); return get(url, signal); }
    signal.addEventListener('abort', () => got.stop.abort());
    return got.res;
  }

  // What the release is known by: another style sheet or another module, and this page's code no longer fits.
  const release = doc => [...doc.querySelectorAll('meta[name=module], link[rel=stylesheet], head script[src]')]
    .map(n => n.getAttribute('content') ?? n.getAttribute('href') ?? n.getAttribute('src')).join();

  function show(doc, e) {
    const html = document.documentElement, { body } = doc;
    window.dispatchEvent(new Event('page-leave')); // leptos never unmounts an island: those with timers or sockets clean up on this
    for (const i of document.querySelectorAll('leptos-island')) i.remove(); // else each leaked island keeps the whole old page in memory
    for (const a of [...html.attributes]) if (!doc.documentElement.hasAttribute(a.name)) html.removeAttribute(a.name);
    for (const a of doc.documentElement.attributes) html.setAttribute(a.name, a.value);
    // Only metas that differ are touched, for a viewport that goes and comes back moves the page.
    const metas = d => [...d.head.querySelectorAll('meta[name]')], same = list => n => list.some(m => m.isEqualNode(n));
    const old = metas(document), now = metas(doc);
    for (const m of old) if (!same(now)(m)) m.remove();
    for (const m of now) if (!same(old)(m)) document.head.append(m);
    document.title = doc.title;
    document.body.replaceWith(body);
    (body.querySelector('[autofocus]') ?? body.querySelector('main'))?.focus({ preventScroll: true });
    e.scroll(); // to the top, to the #hash, or to where it was; here, so that the transition sees it
    // A live region is read out when it changes, not when it arrives.
    setTimeout(() => { const say = body.querySelector('#announce'); if (say) say.textContent = doc.title; }, 100);
    wake(body);
    sendAnswers();
  }

  let landed = null; // where a redirect led; the address is corrected once the move is done, a correction in between would abort it
  let leaving = false; // whether the browser is just being sent off by us
  let external = false; // whether the last click was on something with rel=external
  document.addEventListener('click', e => { external = !!e.target.closest?.('[rel~=external]'); }, true);

  navigation.addEventListener('navigate', e => {
    const back = e.navigationType === 'traverse';
    if (!e.canIntercept || e.hashChange || e.downloadRequest != null || e.formData || e.navigationType === 'reload') return;
    if (e.destination.sameDocument && !back) return; // history.pushState of an island
    if (leaving || (external && !back)) return;
    const from = location.href, [url, hash] = e.destination.url.split('#');
    e.intercept({
      focusReset: 'manual',
      async handler() {
        landed = null;
        // Whatever is not a page of this release is loaded in full, in the place of the entry that the move has made. From the
        // old address, for the new one may differ from itself by no more than its #hash; not by a reload, for then the
        // browser takes this entry and the one before for one document, and Back from its own error page shows nothing.
        const leave = () => { history.replaceState(null, '', from); leaving = true; location.replace(e.destination.url); leaving = false; };
        let res, doc;
        try {
          res = await take(url, e.signal);
          if (!res.headers.get('content-type')?.startsWith('text/html')) return leave();
          doc = new DOMParser().parseFromString(await res.text(), 'text/html');
        } catch (err) { if (e.signal.aborted) return; return leave(); } // no signal: the browser says so
        if (e.signal.aborted) return;
        if (release(doc) !== release(document)) return leave();
        if (res.redirected) landed = hash === undefined ? res.url : `${res.url}#${hash}`;
        const calm = e.hasUAVisualTransition || !document.startViewTransition || matchMedia('(prefers-reduced-motion: reduce)').matches;
        if (calm) return show(doc, e);
        const change = document.startViewTransition(() => { if (!e.signal.aborted) show(doc, e); });
        change.ready.catch(() => {}); // skipped, as in a hidden tab: the page changes all the same
        await change.updateCallbackDone;
      },
    });
  });
  navigation.addEventListener('navigatesuccess', () => {
    if (landed && landed !== location.href) history.replaceState(history.state, '', landed);
    landed = null;
  });
})();
