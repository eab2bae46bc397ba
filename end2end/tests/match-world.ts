// What tests of the live match's pages stand on: a match of two teams, its people, and its log.
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { freePort, prepare, serve } from './server';
import { ADMINISTRATOR, db, expect, freshId, key, newLearner, rightTexts, signIn, type Learner } from './world';
import type { APIRequestContext, Browser, Page } from '@playwright/test';

export const DESK = { viewport: { width: 1440, height: 900 }, isMobile: false, hasTouch: false };
export const HALL = { viewport: { width: 1920, height: 1080 }, isMobile: false, hasTouch: false };
export const ARTIFACTS = 'artifacts';

export interface Match {
  id: string;
  host: string;
  teams: Learner[][];
  questions: string[];
}

/** A question for all, then one for the buzzer. */
const ROUNDS: { kind: unknown; questions: number; seconds: number; points: number }[] = [
  { kind: 'required', questions: 1, seconds: 120, points: 10 },
  { kind: { buzzer: { penalty: 5, turns: 2 } }, questions: 1, seconds: 120, points: 10 },
];

/** A match of two teams. The administrator leads it, and whoever is named. */
export function newMatch(size = 2, { names = ['第1代表队', '第2代表队'], hosts = [] as Learner[], rounds = ROUNDS } = {}): Match {
  const host = db`select id from learner where phone = ${ADMINISTRATOR}`[0].id;
  const teams = [0, 1].map(() => Array.from({ length: size }, () => newLearner()));
  const rows = db`select id, kind, stem, options, answer_key from question where kind = 'single' order by id limit ${rounds.reduce((sum, round) => sum + round.questions, 0)}`;
  const setup = {
    teams: teams.map((members, n) => ({ id: freshId(), name: names[n], members: members.map(m => m.id), substitutes: [] })),
    hosts: [host, ...hosts.map(other => other.id)],
    rounds,
    rules: { buzzer: { bound_ms: 500 }, tie: 'estimated', answering_seconds: 60, staking_seconds: 30 },
  };
  const words = rows.map(q => ({ kind: q.kind, stem: q.stem, options: JSON.parse(q.options) }));
  const secrets = { questions: rows.map(q => ({ id: q.id, kind: q.kind, options: JSON.parse(q.options).length, key: key(q.id) })), seed: 7 };
  const match = { id: freshId(), host, teams, questions: rows.map(q => q.id) };
  db`insert into live_match (id, title, setup, secrets, words, seal, number, created_at)
     values (${match.id}, '决赛', ${JSON.stringify(setup)}, ${JSON.stringify(secrets)}, ${JSON.stringify(words)}, ${randomBytes(32).toString('hex')}, 0, ${Date.now()})`;
  for (const person of teams.flat()) db`insert into live_match_person (match_id, learner_id, leads) values (${match.id}, ${person.id}, false)`;
  for (const id of setup.hosts) db`insert into live_match_person (match_id, learner_id, leads) values (${match.id}, ${id}, true)`;
  return match;
}

/** Everything that was stored of a match, in order. */
export function log(match: Match): any[] {
  return db`select events from live_match_event where match_id = ${match.id} order by number`.flatMap(row => JSON.parse(row.events));
}
export const happened = (match: Match, what: string) =>
  log(match).map(e => e.event).filter(e => (typeof e === 'string' ? e === what : what in e));

export async function enter(browser: Browser, baseURL: string | undefined, who: Learner | string | null, path: string, options = {}) {
  const context = await browser.newContext({ baseURL, ...options });
  const page = await context.newPage();
  if (who) await signIn(page, who);
  await page.goto(path);
  return page;
}

export const stage = (page: Page) => page.locator('.match:visible');
export const next = (page: Page) => page.locator('.host-next:visible .primary');

/** Makes the next step from the host's console. */
export async function goOn(host: Page) {
  await expect(next(host)).toBeEnabled();
  await next(host).click();
}

/** Finds the buzzer of a player's page: pressing it then takes no more time than a touch. */
export async function buzzer(page: Page) {
  const box = (await page.locator('.press:visible').boundingBox())!;
  return () => page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
}

/** What a page of any kind shows of the match. */
export const shows = (page: Page) => page.locator('.match:visible, .show:visible, .host:visible').first();
export const everyone = (pages: Page[], phase: string) =>
  Promise.all(pages.map(page => expect(shows(page)).toHaveAttribute('data-phase', phase)));

/** Makes steps from the host's console, and waits until the pages are where each of them leads. */
export async function steps(host: Page, pages: Page[], ...phases: string[]) {
  for (const phase of phases) {
    await goOn(host);
    await everyone(pages, phase);
  }
}

/** A step of the host by the wire, after all that has happened. */
export const steer = (host: APIRequestContext, match: Match, step: unknown) =>
  host.post(`/matches/${match.id}/wish`, { data: { steer: { id: 1, expects: log(match).at(-1)?.number ?? 0, steer: step } } });

/** Plays on a server of its own, which may be killed and started again. */
export async function onOwnServer(play: (own: { baseURL: string; kill: () => Promise<void>; start: () => Promise<void> }) => Promise<void>) {
  const prepared = prepare(), port = await freePort(), file = process.env.ZHIJIAN_FILE;
  process.env.ZHIJIAN_FILE = prepared.file;
  let server = await serve(prepared, port);
  try {
    await play({
      baseURL: server.url,
      kill: async () => {
        server.process.kill('SIGKILL');
        expect(await server.ended).toBe('SIGKILL');
      },
      start: async () => { server = await serve(prepared, port); },
    });
  } finally {
    server.process.kill('SIGKILL');
    await server.ended;
    process.env.ZHIJIAN_FILE = file;
    rmSync(prepared.folder, { recursive: true });
  }
}

/** Chooses by what the tiles say: neighbours see them in different orders. */
export async function choose(page: Page, question: string, rightly = true) {
  const right = rightTexts(question);
  for (const tile of await page.locator('.tile:visible').all()) {
    const text = await tile.locator('.text').innerText();
    if (right.includes(text) === rightly) return tile.click();
  }
}
