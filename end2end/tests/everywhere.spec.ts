// Every page twice: by a link from elsewhere in the site and by a full load; both ways, then Back.
import { expect, learnerPages, open, test } from './world';

for (const [name, path] of learnerPages) {
  test(`the page ${name} is the same by a link and by a full load, then Back`, async ({ page, me }) => {
    const heading = page.getByRole('heading', { level: 1 });
    await open(page, path);
    const [title, words] = [await page.title(), await heading.innerText()];
    const islands = await page.locator('leptos-island').count();

    const from = path === '/me' ? '/' : '/me';
    await page.goto(from);
    const before = await heading.innerText();
    await page.goBack();
    await expect(heading).toHaveText(words);

    await page.goto(from);
    await page.evaluate(() => { (window as any).here = true; });
    await page.evaluate(to => { // a link to it, wherever one stands
      const link = Object.assign(document.createElement('a'), { href: to, id: 'there', textContent: '往那里' });
      document.querySelector('main')?.prepend(link);
    }, path);
    await page.locator('#there').click();
    await expect(heading).toHaveText(words);
    await expect(page).toHaveTitle(title);
    await expect(page.locator('leptos-island')).toHaveCount(islands);
    expect(await page.evaluate(() => (window as any).here), 'no reload').toBe(true);
    await page.goBack();
    await expect(heading).toHaveText(before);
  });
}
