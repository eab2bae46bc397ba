// public/navigate.js, against a site of a few lines: every way to leave a page and to come to one.
import type { Page } from '@playwright/test';
import { counter, expect, fields, log, redirect, sameDocument, send, tall, test, type Site } from './pages';

const main = (page: Page) => page.locator('main');
const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const scrolled = (page: Page) => page.evaluate(() => Math.round(scrollY));

/** Opens the first page, and answers how to see whether the document is still the same one. */
async function open(page: Page, address: string) {
  await page.goto(address);
  return sameDocument(page);
}

test.describe('a link', () => {
  test('shows the new page without a reload: title, main, current tab, focus and announcement', async ({ page, site }) => {
    site.routes['/'] = { title: '学习', main: '<a href="/two">往下</a>' };
    site.routes['/two'] = { title: '练习', tab: '/two' };
    const same = await open(page, '/');
    await page.getByRole('link', { name: '往下' }).click();
    await expect(heading(page)).toHaveText('练习');
    await expect(page).toHaveTitle('练习 · 指尖学法');
    await expect(page).toHaveURL('/two');
    await expect(page.locator('[aria-current=page]')).toHaveText('/two');
    await expect(main(page)).toBeFocused();
    await expect(page.getByRole('status')).toHaveText('练习 · 指尖学法');
    expect(await same()).toBe(true);
  });

  test('followed by the keyboard goes on from main with Tab', async ({ page, site }) => {
    site.routes['/'] = { main: '<a href="/two">往下</a>' };
    site.routes['/two'] = { title: '第二页', main: '<button>一</button>' };
    await open(page, '/');
    await page.getByRole('link', { name: '往下' }).focus();
    await page.keyboard.press('Enter');
    await expect(heading(page)).toHaveText('第二页');
    await expect(main(page)).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: '一' })).toBeFocused();
  });

  test('puts the focus into the field that asks for it', async ({ page, site }) => {
    site.routes['/'] = { main: '<a href="/two">往下</a>' };
    site.routes['/two'] = { title: '查找', main: '<input name="q" autofocus>' };
    await open(page, '/');
    await page.getByRole('link', { name: '往下' }).click();
    await expect(page.locator('input')).toBeFocused();
  });

  test('moves under reduced motion too', async ({ page, site }) => {
    site.routes['/two'] = { title: '第二页' };
    site.routes['/'] = {};
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const same = await open(page, '/');
    await page.getByRole('link', { name: '/two' }).click();
    await expect(heading(page)).toHaveText('第二页');
    expect(await same()).toBe(true);
  });

  test('clicked while another is on its way wins, and the slow page never shows', async ({ page, site }) => {
    let slow: (() => void) | undefined;
    site.routes['/'] = {};
    site.routes['/two'] = (_, res) => { slow = () => send(res, { title: '慢的一页' }); };
    site.routes['/three'] = { title: '第三页' };
    const same = await open(page, '/');
    await page.getByRole('link', { name: '/two' }).click({ noWaitAfter: true });
    await expect.poll(() => site.times('/two')).toBe(1);
    await page.getByRole('link', { name: '/three' }).click();
    await expect(heading(page)).toHaveText('第三页');
    slow?.();
    await expect(page).toHaveURL('/three');
    await expect(heading(page)).toHaveText('第三页');
    expect(await same()).toBe(true);
  });

  test('to the page one is on asks for it again', async ({ page, site }) => {
    let visits = 0;
    site.routes['/'] = (_, res) => send(res, { title: `第 ${++visits} 次` });
    const same = await open(page, '/');
    const before = await page.evaluate(() => history.length);
    await page.getByRole('link', { name: '/', exact: true }).click();
    await expect(heading(page)).toHaveText('第 2 次');
    expect(await same()).toBe(true);
    expect(await page.evaluate(() => history.length)).toBe(before);
  });
});

test.describe('scroll', () => {
  test('starts at the top on a link, and is where it was on Back and Forward', async ({ page, site }) => {
    site.routes['/'] = { title: '长的一页', main: `${tall}<a href="/two">往下</a>` };
    site.routes['/two'] = { title: '另一长页', main: `${tall}<p id="end">完</p>` };
    const same = await open(page, '/');
    await page.getByRole('link', { name: '往下' }).scrollIntoViewIfNeeded();
    const before = await scrolled(page);
    expect(before).toBeGreaterThan(1000);
    await page.getByRole('link', { name: '往下' }).click();
    await expect(heading(page)).toHaveText('另一长页');
    expect(await scrolled(page)).toBe(0);
    await page.evaluate(() => window.scrollTo(0, 700));
    await page.goBack();
    await expect(heading(page)).toHaveText('长的一页');
    await expect.poll(() => scrolled(page)).toBe(before);
    await page.goForward();
    await expect(heading(page)).toHaveText('另一长页');
    await expect.poll(() => scrolled(page)).toBe(700);
    expect(await same()).toBe(true);
  });

  test('goes to a #hash on this page by the browser alone, and back', async ({ page, site }) => {
    site.routes['/'] = { main: `<a href="#第四条">到第四条</a>${tall}` };
    const same = await open(page, '/');
    await page.getByRole('link', { name: '到第四条' }).click();
    await expect(page.locator('[id="第四条"]')).toBeInViewport();
    expect(decodeURI(page.url())).toBe(`${site.origin}/#第四条`);
    await page.getByRole('link', { name: '到第四条' }).click();
    await page.goBack();
    await expect.poll(() => scrolled(page)).toBe(0);
    expect(site.times('/')).toBe(1);
    expect(await same()).toBe(true);
  });

  test('goes to a #hash on another page, and from there back and forward', async ({ page, site }) => {
    site.routes['/'] = { title: '目录', main: '<a href="/law?part=2#第五条">第五条</a>' };
    site.routes['/law?part=2'] = { title: '正文', main: tall };
    const same = await open(page, '/');
    await page.getByRole('link', { name: '第五条' }).click();
    await expect(heading(page)).toHaveText('正文');
    await expect.poll(() => page.locator('[id="第五条"]').evaluate(n => Math.abs(n.getBoundingClientRect().top))).toBeLessThan(1);
    expect(site.asked).toContain('GET /law?part=2');
    await page.goBack();
    await expect(heading(page)).toHaveText('目录');
    await page.goForward();
    await expect(heading(page)).toHaveText('正文');
    await expect.poll(() => page.locator('[id="第五条"]').evaluate(n => Math.abs(n.getBoundingClientRect().top))).toBeLessThan(1);
    expect(await same()).toBe(true);
  });

  test('after a #hash, Back to another page and Forward keep page and address together', async ({ page, site }) => {
    site.routes['/'] = { title: '第一页' };
    site.routes['/two'] = { title: '正文', main: `<a href="#第三条">到第三条</a>${tall}` };
    const same = await open(page, '/');
    await page.getByRole('link', { name: '/two' }).click();
    await page.getByRole('link', { name: '到第三条' }).click();
    await page.evaluate(() => history.go(-2));
    await expect(heading(page)).toHaveText('第一页');
    await page.evaluate(() => history.go(2));
    await expect(heading(page)).toHaveText('正文');
    await expect(page.locator('[id="第三条"]')).toBeInViewport();
    expect(await same()).toBe(true);
  });
});

test.describe('a redirect', () => {
  test('of the guard ends at the address of the sign-in page', async ({ page, site }) => {
    site.routes['/'] = { main: '<a href="/me">我的</a>' };
    site.routes['/me'] = redirect('/sign-in?next=/me');
    site.routes['/sign-in'] = { title: '登录' };
    const same = await open(page, '/');
    await page.getByRole('link', { name: '我的' }).click();
    await expect(heading(page)).toHaveText('登录');
    await expect(page).toHaveURL('/sign-in?next=/me');
    await page.goBack();
    await expect(page).toHaveURL('/');
    await expect(heading(page)).toHaveText('一页');
    expect(await same()).toBe(true);
  });

  test('of a page keeps the #hash that was asked for', async ({ page, site }) => {
    site.routes['/'] = { main: '<a href="/old#第四条">旧地址</a>' };
    site.routes['/old'] = redirect('/new');
    site.routes['/new'] = { title: '新地址', main: tall };
    await open(page, '/');
    await page.getByRole('link', { name: '旧地址' }).click();
    await expect(heading(page)).toHaveText('新地址');
    await expect.poll(() => decodeURI(page.url())).toBe(`${site.origin}/new#第四条`);
    await expect(page.locator('[id="第四条"]')).toBeInViewport();
  });

  test('that was given up does not change the address of the next page', async ({ page, site }) => {
    site.routes['/'] = { main: '<a href="/old">旧地址</a>' };
    site.routes['/old'] = redirect('/new');
    let begun = false;
    site.routes['/new'] = (_, res) => { begun = true; res.writeHead(200, { 'content-type': 'text/html' }).write('<!doctype html>'); };
    site.routes['/three'] = { title: '第三页' };
    await open(page, '/');
    await page.getByRole('link', { name: '旧地址' }).click({ noWaitAfter: true });
    await expect.poll(() => begun).toBe(true);
    await page.getByRole('link', { name: '/three' }).click();
    await expect(heading(page)).toHaveText('第三页');
    await expect(page).toHaveURL('/three');
  });

  test('to another site is followed by the browser', async ({ page, site, browserName: _ }) => {
    site.routes['/'] = { main: '<a href="/out">外部网站</a>' };
    const elsewhere = site.origin.replace('127.0.0.1', 'localhost');
    site.routes['/out'] = redirect(`${elsewhere}/there`);
    site.routes['/there'] = { title: '外部' };
    await open(page, '/');
    await page.getByRole('link', { name: '外部网站' }).click();
    await expect(heading(page)).toHaveText('外部');
    await expect(page).toHaveURL(`${elsewhere}/there`);
  });
});

test.describe('an answer that is not a page', () => {
  for (const status of [404, 403, 500, 503]) {
    test(`of status ${status} with a page is shown as a page`, async ({ page, site }) => {
      site.routes['/'] = { main: '<a href="/bad">往下</a>' };
      site.routes['/bad'] = (_, res) => send(res, { title: `差错 ${status}` }, status);
      const same = await open(page, '/');
      await page.getByRole('link', { name: '往下' }).click();
      await expect(heading(page)).toHaveText(`差错 ${status}`);
      await page.goBack();
      await expect(heading(page)).toHaveText('一页');
      expect(await same()).toBe(true);
    });
  }

  test('of status 500 without a page is left to the browser', async ({ page, site }) => {
    site.routes['/'] = { main: '<a href="/bad">往下</a>' };
    site.routes['/bad'] = (_, res) => res.writeHead(500, { 'content-type': 'text/plain' }).end('it broke');
    await open(page, '/');
    await page.getByRole('link', { name: '往下' }).click();
    await expect(page.getByText('it broke')).toBeVisible();
    await expect(page).toHaveURL('/bad');
    await page.goBack();
    await expect(heading(page)).toHaveText('一页');
  });

  test('is a file that the browser shows itself', async ({ page, site }) => {
    site.routes['/'] = { main: '<a href="/captions.vtt">字幕</a>' };
    site.routes['/captions.vtt'] = (_, res) => res.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end('字幕一行');
    await open(page, '/');
    await page.getByRole('link', { name: '字幕' }).click();
    await expect(page.getByText('字幕一行')).toBeVisible();
    await page.goBack();
    await expect(heading(page)).toHaveText('一页');
    await page.goForward();
    await expect(page.getByText('字幕一行')).toBeVisible();
  });

  test('of a proxy, without the frame of our pages, is loaded in full', async ({ page, site }) => {
    site.routes['/'] = { main: '<a href="/bad">往下</a>' };
    site.routes['/bad'] = (_, res) => res.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>');
    const same = await open(page, '/');
    await page.getByRole('link', { name: '往下' }).click();
    await expect(heading(page)).toHaveText('Bad Gateway');
    expect(await same()).toBeFalsy();
  });
});

test.describe('a form', () => {
  test('that posts is left to the browser, with the button that was pressed', async ({ page, site }) => {
    site.routes['/'] = { main: '<form method="post" action="/save"><input name="q1" value="甲"><button name="do" value="save">保存</button><button name="do" value="submit">交卷</button></form>' };
    site.routes['/save'] = async (req, res) => res.writeHead(303, { location: encodeURI(`/done?do=${(await fields(req)).get('do')}`) }).end();
    site.routes['/done'] = (req, res) => send(res, { title: `收到 ${new URL(req.url ?? '', 'http://x').searchParams.get('do')}` });
    const same = await open(page, '/');
    await page.getByRole('button', { name: '交卷' }).click();
    await expect(heading(page)).toHaveText('收到 submit');
    expect(await same()).toBeFalsy();
    await page.goBack();
    await page.getByRole('button', { name: '保存' }).click();
    await expect(heading(page)).toHaveText('收到 save');
  });

  test('that searches goes to its address, with the button that was pressed', async ({ page, site }) => {
    site.routes['/'] = { main: '<form action="/laws"><input name="q"><button name="in" value="title">查标题</button><button name="in" value="text">查正文</button></form>' };
    site.routes['/laws'] = { title: '查到' };
    const same = await open(page, '/');
    await page.locator('input').fill('网络 安全');
    await page.getByRole('button', { name: '查正文' }).click();
    await expect(heading(page)).toHaveText('查到');
    const { searchParams } = new URL(page.url());
    expect(searchParams.get('q')).toBe('网络 安全');
    expect(searchParams.get('in')).toBe('text');
    expect(await same()).toBe(true);
    await page.goBack();
    await expect(page).toHaveURL('/');
  });

  test('that signs out leaves no private page behind, with the back-forward cache on or off', async ({ playwright, site, launchOptions }) => {
    site.routes['/'] = (req, res) => {
      if (!req.headers.cookie?.includes('s=1')) return redirect('/sign-in')(req, res);
      send(res, { title: '张三的成绩', main: '<form method="post" action="/sign-out"><button>退出登录</button></form>' });
    };
    site.routes['/two'] = (req, res) => site.routes['/'] instanceof Function ? site.routes['/'](req, res) : undefined;
    site.routes['/sign-in'] = { title: '登录' };
    site.routes['/sign-out'] = (_, res) => res.writeHead(303, { location: '/sign-in', 'set-cookie': 's=; Max-Age=0; HttpOnly; Path=/' }).end();
    for (const ignoreDefaultArgs of [[], ['--disable-back-forward-cache']]) {
      const browser = await playwright.chromium.launch({ ...launchOptions, ignoreDefaultArgs });
      const context = await browser.newContext({ baseURL: site.origin });
      await context.addCookies([{ name: 's', value: '1', url: site.origin, httpOnly: true }]);
      const page = await context.newPage();
      await open(page, '/');
      await page.getByRole('link', { name: '/two' }).click();
      await expect(page).toHaveURL('/two');
      await page.getByRole('button', { name: '退出登录' }).click();
      await expect(heading(page)).toHaveText('登录');
      await page.evaluate(() => history.back());
      await expect(page).toHaveURL('/sign-in');
      await expect(heading(page)).toHaveText('登录');
      await page.evaluate(() => history.back());
      await expect(heading(page)).toHaveText('登录');
      await browser.close();
    }
  });
});

test.describe('what belongs to a page and not to the next', () => {
  test('goes: lang and other attributes of html and body', async ({ page, site }) => {
    site.routes['/'] = { html: 'lang="zh-Hans-CN" data-type="150"', body: 'class="stage" data-x="1"', main: '<a href="/two">往下</a>' };
    site.routes['/two'] = { title: 'Two', html: 'lang="en" class="wide"' };
    await open(page, '/');
    await page.getByRole('link', { name: '往下' }).click();
    await expect(heading(page)).toHaveText('Two');
    expect(await page.evaluate(() => (document.documentElement.cloneNode() as Element).outerHTML)).toBe('<html lang="en" class="wide"></html>');
    expect(await page.evaluate(() => document.body.attributes.length)).toBe(0);
    await page.goBack();
    await expect(page.locator('html')).toHaveAttribute('data-type', '150');
    await expect(page.locator('body')).toHaveClass('stage');
  });

  test('goes: more metas or fewer', async ({ page, site }) => {
    site.routes['/'] = { main: '<a href="/two">往下</a>', metas: '<meta name="theme-color" content="#111111"><meta name="robots" content="noindex">' };
    site.routes['/two'] = { title: '第二页', metas: '<meta name="theme-color" content="#222222">' };
    const metas = () => page.evaluate(() => [...document.querySelectorAll<HTMLMetaElement>('meta[name]')].map(m => `${m.name} ${m.content}`).sort());
    await open(page, '/');
    await page.getByRole('link', { name: '往下' }).click();
    await expect(heading(page)).toHaveText('第二页');
    expect(await metas()).toEqual(['module /pkg/zhijian.1.js', 'theme-color #222222', 'viewport width=device-width, initial-scale=1']);
    await page.goBack();
    await expect(heading(page)).toHaveText('一页');
    expect(await metas()).toEqual(['module /pkg/zhijian.1.js', 'robots noindex', 'theme-color #111111', 'viewport width=device-width, initial-scale=1']);
  });

  test('goes: the rows of the same list under another query', async ({ page, site }) => {
    const list = (n: number) => `<a href="?page=1">甲</a><a href="?page=2">乙</a><ul class="list">${'<li>条</li>'.repeat(n)}</ul>`;
    site.routes['/list'] = { main: list(7) };
    site.routes['/list?page=1'] = { main: list(20) };
    site.routes['/list?page=2'] = { main: list(3) };
    const same = await open(page, '/list');
    await page.getByRole('link', { name: '甲' }).click();
    await expect(page.locator('.list li')).toHaveCount(20);
    await page.getByRole('link', { name: '乙' }).click();
    await expect(page.locator('.list li')).toHaveCount(3);
    await page.goBack();
    await expect(page.locator('.list li')).toHaveCount(20);
    await page.goBack();
    await expect(page.locator('.list li')).toHaveCount(7);
    expect(await same()).toBe(true);
  });
});

test.describe('islands', () => {
  const button = (page: Page, n = 0) => page.locator('.count').nth(n);

  test('wake on a full load, once, with the code that the page names', async ({ page, site }) => {
    site.routes['/'] = { islands: counter(5) };
    await page.goto('/');
    await expect(button(page)).toHaveAttribute('data-awake');
    await button(page).click();
    await expect(button(page)).toHaveText('6');
    await expect(page.locator('body')).toHaveAttribute('data-awake');
    expect(await log(page)).toEqual(['load', 'hydrate', 'Counter 5']);
    expect(site.times('/pkg/zhijian.1.wasm')).toBe(1);
  });

  test('with other properties at the same place start anew, and the old ones are told', async ({ page, site }) => {
    site.routes['/'] = { islands: counter(5) };
    site.routes['/two'] = { title: '第二页', islands: counter(9) };
    await page.goto('/');
    await button(page).click();
    await page.getByRole('link', { name: '/two' }).click();
    await expect(button(page)).toHaveText('9');
    await expect(button(page)).toHaveAttribute('data-awake');
    await button(page).click();
    await expect(button(page)).toHaveText('10');
    expect(await log(page)).toEqual(['load', 'hydrate', 'Counter 5', 'left Counter 5 at /two', 'Counter 9']);
    await page.goBack();
    await expect(button(page)).toHaveText('5');
    await expect(button(page)).toHaveAttribute('data-awake');
  });

  test('more or fewer than before all wake', async ({ page, site }) => {
    site.routes['/'] = {};
    site.routes['/two'] = { islands: counter(1) + counter(2) + counter(3), tab: '/two' };
    site.routes['/three'] = { islands: counter(4), tab: '/three' };
    await page.goto('/');
    await page.getByRole('link', { name: '/two' }).click();
    await expect(page.locator('.count[data-awake]')).toHaveCount(3);
    await page.getByRole('link', { name: '/three' }).click();
    await expect(page.locator('[aria-current]')).toHaveText('/three');
    await expect(page.locator('.count[data-awake]')).toHaveCount(1);
    expect((await log(page)).filter((l: string) => l === 'load')).toHaveLength(1);
  });

  test('inside another’s children wait for it', async ({ page, site }) => {
    const nested = '<leptos-island data-component="Outer_2" data-props="{}"><div><leptos-children><p><leptos-island data-component="Inner_3" data-props="{}"></leptos-island></p></leptos-children></div></leptos-island>';
    const wanted = ['Outer begins', 'Outer awake', 'Outer is told', 'Inner awake'];
    site.routes['/'] = { islands: nested };
    site.routes['/two'] = { islands: nested + counter(1) };
    await page.goto('/');
    await expect.poll(() => log(page)).toEqual(['load', 'hydrate', ...wanted]);
    await page.getByRole('link', { name: '/two' }).click();
    await expect.poll(() => log(page)).toEqual(['load', 'hydrate', ...wanted, ...wanted, 'Counter 1']);
  });

  test('wake even if one before them is broken or unknown', async ({ page, site }) => {
    site.routes['/'] = { islands: `<leptos-island data-component="Broken_4"></leptos-island><leptos-island data-component="Unknown_5"></leptos-island>${counter(1)}` };
    await page.goto('/');
    await expect(button(page)).toHaveAttribute('data-awake');
  });

  test('wake once when the page is left before their code has come', async ({ page, site }) => {
    let come: (() => void) | undefined;
    site.routes['/'] = { islands: counter(1) };
    site.routes['/two'] = { title: '第二页', islands: counter(2) };
    site.routes['/pkg/zhijian.1.wasm'] = (_, res) => { come = () => res.end('wasm'); };
    await page.goto('/', { waitUntil: 'commit' });
    await expect.poll(() => come).toBeTruthy();
    await page.getByRole('link', { name: '/two' }).click();
    await expect(heading(page)).toHaveText('第二页');
    come?.();
    await expect(button(page)).toHaveAttribute('data-awake');
    expect(await log(page)).toEqual(['load', 'hydrate', 'Counter 2']);
  });

  test('are not there: the code comes when the browser is idle, and is not loaded', async ({ page, site }) => {
    site.routes['/'] = {};
    site.routes['/two'] = { islands: counter(1) };
    await page.goto('/');
    await expect.poll(() => site.times('/pkg/zhijian.1.wasm')).toBe(1);
    expect(await log(page)).toEqual([]);
    await page.getByRole('link', { name: '/two' }).click();
    await expect(button(page)).toHaveAttribute('data-awake');
    expect(site.times('/pkg/zhijian.1.wasm')).toBe(1);
    expect(site.times('/pkg/zhijian.1.js')).toBe(1);
  });

  for (const line of [{ saveData: true, effectiveType: '4g' }, { saveData: false, effectiveType: '2g' }, { saveData: false, effectiveType: 'slow-2g' }]) {
    test(`are not there, and nothing is fetched ahead over ${line.saveData ? 'a line that saves data' : line.effectiveType}`, async ({ page, site }) => {
      await page.addInitScript(l => Object.defineProperty(navigator, 'connection', { value: l }), line);
      site.routes['/'] = {};
      site.routes['/two'] = { islands: counter(1) };
      await page.goto('/');
      await page.evaluate(() => new Promise(done => requestIdleCallback(() => setTimeout(done, 100))));
      expect(site.times('/pkg/zhijian.1.wasm')).toBe(0);
      await page.getByRole('link', { name: '/two' }).click();
      await expect(button(page)).toHaveAttribute('data-awake');
    });
  }
});

test.describe('where something is missing', () => {
  test('WebAssembly: pages, links and forms are whole, and no code is asked for', async ({ page, site }) => {
    await page.addInitScript(() => { delete (window as any).WebAssembly; });
    site.routes['/'] = { islands: counter(1) };
    site.routes['/two'] = { title: '第二页', islands: counter(2), main: '<form method="post" action="/save"><button>保存</button></form>' };
    site.routes['/save'] = redirect('/three');
    site.routes['/three'] = { title: '已保存' };
    const said: string[] = [];
    page.on('console', m => said.push(m.text()));
    await page.goto('/');
    await page.getByRole('link', { name: '/two' }).click();
    await expect(heading(page)).toHaveText('第二页');
    await page.getByRole('button', { name: '保存' }).click();
    await expect(heading(page)).toHaveText('已保存');
    expect(site.asked.filter(a => a.includes('zhijian'))).toEqual([]);
    expect(said).toEqual([]);
  });

  test('a wasm that the browser cannot load: the page stays as it is', async ({ page, site }) => {
    site.routes['/'] = { islands: counter(1) };
    site.routes['/two'] = { title: '第二页', islands: counter(2) };
    site.routes['/pkg/zhijian.1.wasm'] = (_, res) => res.writeHead(404).end();
    const same = await open(page, '/');
    await page.getByRole('link', { name: '/two' }).click();
    await expect(heading(page)).toHaveText('第二页');
    await expect(page.locator('.count')).toHaveText('2');
    expect(await same()).toBe(true);
  });

  test('the Navigation API: links are links, and islands wake', async ({ page, site }) => {
    await page.addInitScript(() => { delete (window as any).navigation; });
    site.routes['/'] = {};
    site.routes['/two'] = { title: '第二页', islands: counter(2) };
    const same = await open(page, '/');
    await page.getByRole('link', { name: '/two' }).click();
    await expect(page.locator('.count')).toHaveAttribute('data-awake');
    expect(await same()).toBeFalsy();
  });

  test('the signal: the browser says so, and Back leads back when there is one again', async ({ page, site, context }) => {
    site.routes['/'] = { title: '第一页' };
    site.routes['/two'] = { title: '第二页' };
    await page.goto('/');
    await context.setOffline(true);
    await page.getByRole('link', { name: '/two' }).click({ noWaitAfter: true });
    await expect(page).toHaveURL('chrome-error://chromewebdata/');
    await context.setOffline(false);
    await page.goBack();
    await expect(heading(page)).toHaveText('第一页');
    await page.goForward();
    await expect(heading(page)).toHaveText('第二页');
  });

  test('the signal: the browser says so, and the page comes when there is one again', async ({ page, site, context }) => {
    site.routes['/'] = { title: '第一页' };
    site.routes['/two'] = { title: '第二页' };
    await page.goto('/');
    await context.setOffline(true);
    await page.getByRole('link', { name: '/two' }).click({ noWaitAfter: true });
    await expect(page).toHaveURL('chrome-error://chromewebdata/');
    await context.setOffline(false);
    await page.reload();
    await expect(heading(page)).toHaveText('第二页');
    await expect(page).toHaveURL('/two');
    await page.goBack();
    await expect(heading(page)).toHaveText('第一页');
  });

  test('the signal on Back: the same', async ({ page, site, context }) => {
    site.routes['/'] = { title: '第一页' };
    site.routes['/two'] = { title: '第二页' };
    await page.goto('/');
    await page.getByRole('link', { name: '/two' }).click();
    await expect(heading(page)).toHaveText('第二页');
    await context.setOffline(true);
    await page.evaluate(() => { setTimeout(() => history.back()); });
    await expect(page).toHaveURL('chrome-error://chromewebdata/');
    await context.setOffline(false);
    await page.reload();
    await expect(heading(page)).toHaveText('第一页');
    await page.goForward();
    await expect(heading(page)).toHaveText('第二页');
  });
});

test.describe('left to the browser', () => {
  test('reload', async ({ page, site }) => {
    site.routes['/'] = { title: '第一页' };
    site.routes['/two'] = { title: '第二页', main: tall };
    const same = await open(page, '/');
    await page.getByRole('link', { name: '/two' }).click();
    await expect(heading(page)).toHaveText('第二页');
    await page.reload();
    await expect(heading(page)).toHaveText('第二页');
    expect(await same()).toBeFalsy();
    await page.goBack();
    await expect(heading(page)).toHaveText('第一页');
  });

  for (const [how, link] of [['the attribute download', '<a href="/register.csv" download>导出</a>'], ['rel=external', '<a href="/register.csv" rel="external">导出</a>']]) {
    test(`a download by ${how}, and the page stays`, async ({ page, site }) => {
      site.routes['/'] = { main: link };
      site.routes['/register.csv'] = (_, res) => res.writeHead(200, { 'content-type': 'text/csv', 'content-disposition': 'attachment; filename=register.csv' }).end('a,b');
      site.routes['/two'] = { title: '第二页' };
      const same = await open(page, '/');
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name: '导出' }).click();
      expect((await download).suggestedFilename()).toBe('register.csv');
      await expect(page).toHaveURL('/');
      expect(await same()).toBe(true);
      await page.getByRole('link', { name: '/two' }).click();
      await expect(heading(page)).toHaveText('第二页');
      expect(await same()).toBe(true);
    });
  }

  test('a download that nothing announces, and page and address stay', async ({ page, site }) => {
    site.routes['/'] = { main: '<a href="/register.csv">导出</a>' };
    site.routes['/register.csv'] = (_, res) => res.writeHead(200, { 'content-type': 'text/csv', 'content-disposition': 'attachment; filename=register.csv' }).end('a,b');
    site.routes['/two'] = { title: '第二页' };
    const same = await open(page, '/');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: '导出' }).click();
    expect((await download).suggestedFilename()).toBe('register.csv');
    await expect(page).toHaveURL('/');
    await page.getByRole('link', { name: '/two' }).click();
    await expect(heading(page)).toHaveText('第二页');
    expect(await same()).toBe(true);
  });

  test('a page behind rel=external, which is loaded in full', async ({ page, site }) => {
    site.routes['/'] = { main: '<a href="/two" rel="noopener external"><b>往下</b></a>' };
    site.routes['/two'] = { title: '第二页' };
    const same = await open(page, '/');
    await page.getByText('往下').click();
    await expect(heading(page)).toHaveText('第二页');
    expect(await same()).toBeFalsy();
    expect(site.times('/two')).toBe(1);
  });

  test('a link that opens another window', async ({ page, site, context }) => {
    site.routes['/'] = { main: '<a href="/two" target="_blank">新窗口</a>' };
    site.routes['/two'] = { title: '第二页' };
    const same = await open(page, '/');
    const other = context.waitForEvent('page');
    await page.getByRole('link', { name: '新窗口' }).click();
    await expect(heading(await other)).toHaveText('第二页');
    await expect(heading(page)).toHaveText('一页');
    expect(await same()).toBe(true);
    expect(site.times('/two')).toBe(1);
  });

  test('what an island does with history.pushState and replaceState', async ({ page, site }) => {
    site.routes['/'] = { title: '第一页' };
    const same = await open(page, '/');
    await page.evaluate(() => { history.pushState({}, '', '/?filter=1'); history.replaceState({}, '', '/?filter=2'); });
    await expect(page).toHaveURL('/?filter=2');
    expect(site.times('/?filter=2')).toBe(0);
    expect(await same()).toBe(true);
  });
});

test.describe('after an upgrade', () => {
  async function upgrade(page: Page, site: Site, how: object, address = '/two') {
    site.routes['/'] = { main: `${tall}<a href="${address}">往下</a>` };
    site.routes['/two'] = { title: '新版', main: tall, islands: counter(1), ...how };
    const same = await open(page, '/');
    await page.getByRole('link', { name: '往下' }).click();
    await expect(heading(page)).toHaveText('新版');
    await expect(page).toHaveURL(address);
    await expect(page.locator('.count')).toHaveAttribute('data-awake');
    expect(await same()).toBeFalsy();
  }

  test('of the code, a page is loaded in full, from its top', async ({ page, site }) => {
    await upgrade(page, site, { release: '2' });
    expect(await log(page)).toEqual(['load', 'hydrate', 'Counter 1']);
    expect(site.times('/pkg/zhijian.2.wasm')).toBe(1);
    await expect.poll(() => scrolled(page)).toBe(0);
    await page.goBack();
    await expect(heading(page)).toHaveText('一页');
  });

  test('of the style, a page is loaded in full', async ({ page, site }) => {
    await upgrade(page, site, { css: '2' });
    expect(site.times('/pkg/style.2.css')).toBe(1);
  });

  test('of the code, a #hash is still found', async ({ page, site }) => {
    await upgrade(page, site, { release: '2' }, `/two#${encodeURIComponent('第三条')}`);
    await expect(page.locator('[id="第三条"]')).toBeInViewport();
  });
});

test.describe('fetching ahead', () => {
  const press = async (page: Page, name: string) => {
    await page.getByRole('link', { name }).hover();
    await page.mouse.down();
  };

  test('begins when the finger goes down, and the click takes what came', async ({ page, site }) => {
    site.routes['/'] = {};
    site.routes['/two'] = { title: '第二页' };
    await open(page, '/');
    await press(page, '/two');
    await expect.poll(() => site.times('/two')).toBe(1);
    await expect(heading(page)).toHaveText('一页');
    await page.mouse.up();
    await expect(heading(page)).toHaveText('第二页');
    expect(site.times('/two')).toBe(1);
  });

  test('serves a tap', async ({ page, site }) => {
    site.routes['/'] = {};
    site.routes['/two'] = { title: '第二页' };
    await open(page, '/');
    await page.getByRole('link', { name: '/two' }).tap();
    await expect(heading(page)).toHaveText('第二页');
    expect(site.times('/two')).toBe(1);
  });

  test('is good for one click and for five seconds', async ({ page, site }) => {
    let visits = 0;
    site.routes['/'] = {};
    site.routes['/two'] = (_, res) => send(res, { title: `第 ${++visits} 次` });
    await page.clock.install();
    await open(page, '/');
    await press(page, '/two');
    await expect.poll(() => visits).toBe(1);
    await page.clock.fastForward(5_100);
    await page.mouse.up();
    await expect(heading(page)).toHaveText('第 2 次');
    await page.getByRole('link', { name: '/two' }).focus();
    await page.keyboard.press('Enter');
    await expect(heading(page)).toHaveText('第 3 次');
  });

  test('stops when the finger scrolls instead', async ({ page, site }) => {
    let given = false;
    site.routes['/'] = {};
    site.routes['/two'] = (req, res) => { res.on('close', () => { given = true; }); };
    const same = await open(page, '/');
    await press(page, '/two');
    await expect.poll(() => site.times('/two')).toBe(1);
    await page.evaluate(() => document.dispatchEvent(new PointerEvent('pointercancel')));
    await expect.poll(() => given).toBe(true);
    expect(await same()).toBe(true);
  });

  test('leaves alone what is not a plain link to a page here', async ({ page, site }) => {
    site.routes['/'] = {
      main: `<a href="/a" download>下载</a><a href="/b" rel="external">站外</a><a href="/c" target="_blank">新窗口</a>
        <a href="#第二条">本页</a><a href="http://localhost:9/d">别处</a><a>无</a><a href="mailto:a@b">信</a>${tall}`,
    };
    await open(page, '/');
    await page.evaluate(() => {
      for (const a of document.querySelectorAll('main a')) a.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
      const plain = document.querySelector('a[href="/two"]');
      for (const key of ['ctrlKey', 'metaKey', 'shiftKey', 'altKey']) plain?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, [key]: true }));
      plain?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 2 }));
    });
    await page.getByRole('link', { name: '/three' }).click();
    await expect(page).toHaveURL('/three');
    expect(site.asked.filter(a => !a.includes('/pkg/'))).toEqual(['GET /', 'GET /three']);
  });
});
