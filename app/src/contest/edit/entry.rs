//! The part of the form that says who may enter: units, kinds of unit, posts, the list.

use super::field::Fields;
use super::sheet::{Around, button, part};
use super::typed::word;
use crate::format as shown;
use crate::page::icon;
use domain::contest::entry::PostLevel;
use domain::org::UnitKind;
use leptos::prelude::*;
use platform::contest::edit::UnitFound;

impl Fields<'_> {
    /// Who may enter.
    pub(super) fn entry_part(&self, around: &Around, here: &str) -> AnyView {
        let words = self.words;
        let kinds = [
            (UnitKind::Province, "contest-edit.unit-province"),
            (UnitKind::Prefecture, "contest-edit.unit-prefecture"),
            (UnitKind::County, "contest-edit.unit-county"),
            (UnitKind::Unit, "contest-edit.unit-unit"),
        ];
        let kinds = kinds.map(|(k, key)| (word(k), words.t(key).to_owned()));
        let posts = [
            (PostLevel::Staff, "contest-edit.post-staff"),
            (PostLevel::Section, "contest-edit.post-section"),
            (PostLevel::Division, "contest-edit.post-division"),
            (PostLevel::Bureau, "contest-edit.post-bureau"),
        ];
        let posts = posts.map(|(p, key)| (word(p), words.t(key).to_owned()));
        let listed = [(
            "on".to_owned(),
            words.t("contest-edit.only-listed").to_owned(),
        )];
        let on_it = words.f(
            "contest-edit.listed-n",
            &[("n", &shown::figure(around.listed))],
        );
        let body = view! {
            {self.units(around, &format!("{here}#entry"))}
            {self.checks("unit-kinds", words.t("contest-edit.unit-kinds"), kinds.to_vec())}
            {self.checks("posts", words.t("contest-edit.posts"), posts.to_vec())}
            {self.checks("listed", words.t("contest-edit.list"), listed.to_vec())}
            <p class="sheet-add">
                <button class="button" name="do" value="list">{words.t("contest-edit.to-list")}</button>
                <span class="muted">{on_it}</span>
            </p>
        };
        part("entry", words.t("contest-edit.part-entry"), body)
    }

    fn units(&self, around: &Around, at: &str) -> AnyView {
        let words = self.words;
        let chosen = around.chosen.iter().map(|(id, name)| {
            let remove = words.t("contest-edit.remove").to_owned();
            view! {
                <li>
                    <input type="hidden" name="within" value=id.clone()/>
                    <span>{name.clone()}</span>
                    {button(&format!("drop-{id}"), at, remove, Some(name.clone()))}
                </li>
            }
        });
        let chosen = chosen.collect_view();
        let everyone = around.chosen.is_empty().then(|| {
            let all = words.f("contest-edit.everyone", &[("unit", &around.unit)]);
            view! { <p>{all}</p> }
        });
        let offered = around
            .offered
            .as_ref()
            .map(|(title, units)| self.offer(title, units, at));
        let (_, error) = self.error("within");
        view! {
            <fieldset class="sheet-units" id="within">
                <legend>{words.t("contest-edit.within")}</legend>
                {everyone}
                <ul>{chosen}</ul>
                {error}
                <div class="field">
                    <label for="find">{words.t("contest-edit.find-unit")}</label>
                    <div class="search">
                        <input id="find" name="find" type="text" autocomplete="off" maxlength="60" value=self.typed.get("find").to_owned()/>
                        <button name="do" value="find" formaction=at.to_owned() aria-label=words.t("contest-edit.find")>{icon("search")}</button>
                    </div>
                </div>
                <p class="sheet-add">{button("walk-", at, words.t("contest-edit.walk").to_owned(), None)}</p>
                {offered}
            </fieldset>
        }
        .into_any()
    }

    fn offer(&self, title: &str, units: &[UnitFound], at: &str) -> AnyView {
        let words = self.words;
        if units.is_empty() {
            return view! { <p class="muted">{words.t("contest-edit.no-unit")}</p> }.into_any();
        }
        let rows = units
            .iter()
            .filter(|u| !self.typed.has("within", &u.id))
            .map(|u| {
                let below = (u.below > 0).then(|| {
                    let name = words.f("contest-edit.below", &[("n", &u.below)]);
                    button(&format!("walk-{}", u.id), at, name, Some(u.name.clone()))
                });
                let pick = words.t("contest-edit.pick").to_owned();
                view! {
                    <li>
                        <span>{u.name.clone()}<small>{u.above.clone()}</small></span>
                        {below}
                        {button(&format!("pick-{}", u.id), at, pick, Some(u.name.clone()))}
                    </li>
                }
            });
        let rows = rows.collect_view();
        view! { <h3>{title.to_owned()}</h3><ul>{rows}</ul> }.into_any()
    }
}
