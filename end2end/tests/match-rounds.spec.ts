// Rounds that one player of a team plays for all: a wager of the captain, and a relay in the order of the list.
import { ARTIFACTS, choose, DESK, enter, everyone, goOn, HALL, happened, log, newMatch, stage, steps } from './match-world';
import { ADMINISTRATOR, db, expect, test } from './world';

test('captains stake and answer alone, then members answer in turn, and the scores are what was staked and won', async ({ browser, baseURL }) => {
  test.setTimeout(120_000);
  const match = newMatch(2, { rounds: [
    { kind: { wager: { stakes: [10, 20, 30] } }, questions: 1, seconds: 120, points: 10 },
    { kind: 'relay', questions: 2, seconds: 120, points: 10 },
  ] });
  const players = match.teams.flat(), path = `/matches/${match.id}`;
  const name = (n: number) => db`select name from learner where id = ${players[n].id}`[0].name;
  const host = await enter(browser, baseURL, ADMINISTRATOR, `${path}/host`, DESK);
  const screen = await enter(browser, baseURL, null, `${path}/screen`, HALL);
  const pages = await Promise.all(players.map(player => enter(browser, baseURL, player, path)));
  const [captain, mate, rival, last] = pages;
  await expect.poll(() => happened(match, 'joined').length, { timeout: 20_000 }).toBe(4);
  await goOn(host);
  for (const page of pages) await page.getByRole('button', { name: '准备好了' }).click();
  await expect.poll(() => happened(match, 'readied').length).toBe(4);

  // The stakes: one captain chooses the most; the other one chooses nothing, which is the least.
  await steps(host, pages, 'stakes');
  await expect(mate.locator('.stage:visible')).toContainText(`队长 ${name(0)} 正在押分`);
  await expect(mate.getByRole('radio')).toHaveCount(0);
  await captain.screenshot({ path: `${ARTIFACTS}/match-player-stakes.png` });
  await captain.locator('label').filter({ hasText: '30' }).click();
  await captain.getByRole('button', { name: '押 30 分' }).click();
  await expect(captain.locator('.stage:visible')).toContainText('已押 30 分');
  await captain.reload();
  await expect(captain.locator('.stage:visible')).toContainText('已押 30 分');
  await expect(screen.locator('.show:visible')).toContainText('已押');
  await screen.screenshot({ path: `${ARTIFACTS}/match-screen-stakes.png` });
  expect(happened(match, 'staked')).toHaveLength(1);

  // The captains answer alone: one wrong, one right.
  await steps(host, pages, 'open');
  await expect(mate.locator('.stage:visible')).toContainText(`本队押 30 分`);
  await expect(mate.locator('button.tile:visible, label.tile:visible')).toHaveCount(0);
  await mate.screenshot({ path: `${ARTIFACTS}/match-player-captain-answers.png` });
  await choose(captain, match.questions[0], false);
  await choose(rival, match.questions[0]);
  await expect.poll(() => happened(match, 'answered').length).toBe(2);
  await steps(host, pages, 'locked', 'reveal', 'scoreboard');
  const row = (n: number) => screen.locator('.standings:visible li').nth(n);
  await expect(row(0)).toContainText('第2代表队');
  await expect(row(0)).toContainText('10');
  await expect(row(1)).toContainText('30');
  await screen.screenshot({ path: `${ARTIFACTS}/match-screen-wager.png` });

  // The relay: first the first of each list, then the second; whose turn it is not looks on.
  for (const [turn, [mine, theirs]] of [[[captain, rival], [mate, last]], [[mate, last], [captain, rival]]].entries()) {
    await steps(host, pages, 'open');
    for (const page of theirs) await expect(page.locator('button.tile:visible, label.tile:visible')).toHaveCount(0);
    await expect(theirs[0].locator('.stage:visible')).toContainText(name(turn));
    if (turn === 0) await theirs[0].screenshot({ path: `${ARTIFACTS}/match-player-relay.png` });
    await choose(mine[0], match.questions[1 + turn]);
    await choose(mine[1], match.questions[1 + turn], turn === 0);
    await expect.poll(() => happened(match, 'answered').length).toBe(4 + 2 * turn);
    await steps(host, pages, 'locked', 'reveal', 'scoreboard');
  }
  await goOn(host); // asks whether to end
  await host.locator('dialog .primary').click();
  await everyone(pages, 'finished');
  // −30 and twice 10; 10, 10 and a wrong one.
  await expect(stage(captain)).toContainText('10');
  const scores = screen.locator('.podium:visible');
  await expect(scores).toContainText('20');
  await expect(scores).toContainText(/[−-]10/);
  await screen.waitForTimeout(2_000); // the winner comes last
  await screen.screenshot({ path: `${ARTIFACTS}/match-screen-rounds.png` });
  expect(log(match).at(-1).event).toBe('finished');
  for (const page of [host, screen, ...pages]) await page.context().close();
});
