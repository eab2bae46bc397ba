// A site of a few lines for the tests of public/navigate.js: real pages over real HTTP, without the product behind them.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';

const navigateJs = readFileSync(join(__dirname, '../../public/navigate.js'));

// In the place of the compiled app: every island writes down what happens to it.
const moduleJs = `
  const log = what => (window.log ??= []).push(what);
  export default async ({ module_or_path }) => { log('load'); const r = await fetch(module_or_path); if (!r.ok) throw Error('no wasm'); };
  export function hydrate() { log('hydrate'); }
  export async function Counter_1(el) {
    const { start } = JSON.parse(el.dataset.props);
    log('Counter ' + start);
    const button = el.querySelector('button');
    button.dataset.awake = '';
    button.addEventListener('click', () => { button.textContent = String(Number(button.textContent) + 1); });
    addEventListener('page-leave', () => log('left Counter ' + start + ' at ' + location.pathname + (el.isConnected ? '' : ', too late')), { once: true });
  }
  export async function Outer_2(el) {
    log('Outer begins'); await new Promise(r => setTimeout(r, 20));
    el.querySelector('leptos-children').$$on_hydrate = () => log('Outer is told');
    log('Outer awake');
  }
  export function Inner_3() { log('Inner awake'); }
  export function Broken_4() { throw Error('this island is broken'); }`;

export interface Shown {
  title?: string;
  main?: string;
  islands?: string;
  tab?: string;
  html?: string;
  body?: string;
  metas?: string;
  release?: string;
  css?: string;
}

/** A page with the frame that every page of the product has. */
export function html({ title = '一页', main = '', islands = '', tab = '/', html = 'lang="zh-Hans-CN"', body = '', metas = '', release = '1', css = '1' }: Shown): string {
  const tabs = ['/', '/two', '/three'].map(t => `<li><a href="${t}"${t === tab ? ' aria-current="page"' : ''}>${t}</a></li>`).join('');
  return `<!doctype html><html ${html}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · 指尖学法</title>${metas}<link rel="icon" href="data:,"><link rel="stylesheet" href="/pkg/style.${css}.css">
<meta name="module" content="/pkg/zhijian.${release}.js" data-wasm="/pkg/zhijian.${release}.wasm">
<script type="module" src="/pkg/navigate.js"></script></head>
<body${body ? ' ' + body : ''}><a class="skip" href="#main">跳到正文</a><header class="topbar"></header>
<main id="main" tabindex="-1"><h1>${title}</h1>${main}${islands}</main>
<nav class="nav"><ul>${tabs}</ul></nav><div id="announce" role="status" aria-live="polite"></div></body></html>`;
}

export const counter = (start: number) =>
  `<leptos-island data-component="Counter_1" data-props='{"start":${start}}'><button class="count">${start}</button></leptos-island>`;

/** Tall enough to scroll, with places to jump to. */
export const tall = [...'一二三四五六'].map(n => `<section id="第${n}条" style="height:600px"><h2>第${n}条</h2></section>`).join('');

type Answer = Shown | ((req: IncomingMessage, res: ServerResponse) => unknown);

export class Site {
  readonly asked: string[] = []; // "GET /path", in the order of arrival
  readonly routes: Record<string, Answer> = {};
  origin = '';
  private readonly server = createServer((req, res) => this.answer(req, res));

  async open() {
    await new Promise<void>(done => this.server.listen(0, '127.0.0.1', done));
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise(done => this.server.close(done));
  }

  /** How often an address was asked for. */
  times(address: string) {
    return this.asked.filter(a => a === `GET ${address}`).length;
  }

  private answer(req: IncomingMessage, res: ServerResponse) {
    const url = decodeURI(req.url ?? '/');
    this.asked.push(`${req.method} ${url}`);
    const answer = this.routes[url] ?? this.routes[url.split('?')[0]];
    if (typeof answer === 'function') return answer(req, res);
    if (answer) return send(res, answer);
    if (url === '/pkg/navigate.js') return res.setHeader('content-type', 'text/javascript').end(navigateJs);
    const kept = () => res.setHeader('cache-control', 'public, max-age=31536000, immutable');
    if (/^\/pkg\/zhijian\..*\.js$/.test(url)) return kept().setHeader('content-type', 'text/javascript').end(moduleJs);
    if (/^\/pkg\/zhijian\..*\.wasm$/.test(url)) return kept().setHeader('content-type', 'application/wasm').end('wasm');
    if (/^\/pkg\/style/.test(url)) return kept().setHeader('content-type', 'text/css').end('main:focus { outline: 0 }');
    return send(res, { title: '没有这一页' }, 404);
  }
}

export function send(res: ServerResponse, shown: Shown, status = 200, headers: Record<string, string> = {}) {
  res.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers }).end(html(shown));
}

export const redirect = (to: string) => (_: IncomingMessage, res: ServerResponse) => res.writeHead(303, { location: encodeURI(to) }).end();

/** The fields of a posted form. */
export async function fields(req: IncomingMessage) {
  let text = '';
  for await (const piece of req) text += piece;
  return new URLSearchParams(text);
}

/** Remembers the document that is loaded now; the answer says later whether it still is the one. */
export async function sameDocument(page: Page) {
  const mark = Math.random();
  await page.evaluate(m => { (window as any).mark = m; }, mark);
  return () => page.evaluate(m => (window as any).mark === m, mark);
}

/** What the islands wrote down. */
export const log = (page: Page) => page.evaluate(() => (window as any).log ?? []);

export const test = base.extend<{ site: Site }>({
  site: async ({}, use) => {
    const site = new Site();
    await site.open();
    await use(site);
    await site.close();
  },
  baseURL: async ({ site }, use) => use(site.origin),
  page: async ({ page }, use) => {
    const errors: Error[] = [];
    page.on('pageerror', e => errors.push(e));
    await use(page);
    expect(errors.filter(e => e.message !== 'this island is broken'), 'errors in the page').toEqual([]);
  },
});
export { expect };
