// What tests of a contest's stage share: beginning, the paper, choosing.
import { db, expect, freshId, rightTexts, UNIT, type Contest, type Learner } from './world';
import type { Page } from '@playwright/test';

export const form = (page: Page) => page.locator('form.stage-form');
export const chip = (page: Page) => page.locator('.stage-state .chip');
export const next = (page: Page) => page.getByRole('button', { name: '下一题' });
export const submit = (page: Page) => page.getByRole('button', { name: '交卷' });

/** Begins from the page of the contest; the island is awake when the questions come one by one. */
export async function begin(page: Page, contest: Contest) {
  await page.goto(`/contests/${contest.id}`);
  await page.locator(`form[action="/contests/${contest.id}/attempts"] button`).click();
  await onStage(page, contest);
}

/** The stage stands, and its island is awake. */
export async function onStage(page: Page, contest: Contest) {
  await expect(page).toHaveURL(new RegExp(`/contests/${contest.id}/attempts/`));
  await expect(page.getByRole('timer')).toBeVisible();
  await expect(page.locator('fieldset.question:visible')).toHaveCount(1);
}

/** The paper of the learner's last attempt: its questions in order. */
export function paper(learner: Learner, contest: Contest): string[] {
  const [{ paper }] = db`select paper from contest_attempt where learner_id = ${learner.id} and contest_id = ${contest.id} order by number desc limit 1`;
  return JSON.parse(paper).map((item: any) => item.question);
}

/** What is saved of the learner's attempts. */
export const saved = (learner: Learner, contest: Contest) =>
  db`select question_id, is_right, revision from contest_answer a join contest_attempt t on t.id = a.attempt_id
     where t.learner_id = ${learner.id} and t.contest_id = ${contest.id}`;

/** Lets someone stand in the contest with so many points and milliseconds, by an attempt that is over, as if answered now. */
export function stand(contest: Contest, who: Learner, points: number, time = 60_000) {
  const attempt = freshId();
  db`insert into contest_attempt (id, contest_id, learner_id, unit_id, number, seed, paper, started_at, deadline_at, submitted_at, answered, points, time_ms)
     values (${attempt}, ${contest.id}, ${who.id}, ${UNIT}, 1, 1, '[]', 1, 2, 2, 5, ${points}, ${time})`;
  db`insert into contest_standing (contest_id, learner_id, unit_id, attempt_id, answered, points, time_ms, changed_at)
     values (${contest.id}, ${who.id}, ${UNIT}, ${attempt}, 5, ${points}, ${time}, ${Date.now()})`;
}

/** Answers the question on the stage, by what the tiles say. */
export async function choose(page: Page, question: string, rightly = true) {
  const right = rightTexts(question);
  const shown = page.locator('fieldset.question:visible');
  const blank = shown.locator('.blank input');
  if (await blank.count()) {
    await blank.fill(rightly ? right[0] : '不知道');
    return blank.blur();
  }
  for (const tile of await shown.locator('.tile').all()) {
    const text = await tile.locator('.text').innerText();
    const multiple = (await tile.locator('input').getAttribute('type')) === 'checkbox';
    if (right.includes(text) === rightly) {
      await tile.click();
      if (!multiple) return;
    }
  }
  if (!rightly && !(await shown.locator('input:checked').count())) await shown.locator('.tile').first().click();
}
