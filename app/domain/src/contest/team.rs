//! Teams (代表队) of a team challenge: how many, until when, and who may change what.
//!
//! A team is open while its captain fills it, then handed in, then approved by an administrator, or
//! refused with a reason and open again. Until registration ends its captain changes it, and whoever
//! is in it may leave; afterwards only an administrator does, who may change it in any state. A seat
//! is a person's. A team that stands in a round that was drawn stays in it: the bracket is what was
//! drawn. Start at [`Team::after`].

use crate::id::LearnerId;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// The longest name of a team, in characters.
pub const LONGEST_NAME: usize = 30;
/// The longest reason of a refusal, in characters.
pub const LONGEST_NOTE: usize = 200;

/// What a team is made of; stated before anyone registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamRules {
    /// Members of a team: exactly so many, the captain among them.
    pub size: usize,
    /// The most substitutes.
    pub substitutes: usize,
    /// The most teams of one unit.
    pub teams: i64,
    /// Until when teams register; that instant itself is too late.
    pub register_until: Millis,
}

/// How far a team has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its captain fills it.
    Open,
    /// It waits for an administrator.
    HandedIn,
    /// It plays.
    Approved,
    /// Refused with a reason; its captain may change it and hand it in again.
    Refused,
    /// Nobody is in it any more; it is kept on record.
    Withdrawn,
}

impl State {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::HandedIn => "handed-in",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of a word in the database.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::Open,
            Self::HandedIn,
            Self::Approved,
            Self::Refused,
            Self::Withdrawn,
        ]
        .into_iter()
        .find(|state| state.as_str() == word)
    }
}

/// What someone is in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    /// Plays.
    Member,
    /// May come in.
    Substitute,
}

impl Seat {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Substitute => "substitute",
        }
    }

    /// The seat of a word in the database.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Member, Self::Substitute]
            .into_iter()
            .find(|seat| seat.as_str() == word)
    }
}

/// A team as its rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// What it is called.
    pub name: String,
    /// How far it has come.
    pub state: State,
    /// Why it was refused; empty otherwise.
    pub note: String,
    /// Who leads it: one of its members.
    pub captain: LearnerId,
    /// Who is in it, in the order in which they came.
    pub seats: Vec<(LearnerId, Seat)>,
    /// Whether it stands in a round that was drawn.
    pub drawn: bool,
}

/// Who changes a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub who: LearnerId,
    /// Whether they decide about teams: an administrator above the unit, or who runs the contest.
    pub decides: bool,
}

/// A change of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is called otherwise.
    Rename(String),
    /// Someone comes in who was invited.
    Join,
    /// Someone is put in.
    Add(LearnerId),
    /// Someone goes, or is taken out.
    Remove(LearnerId),
    /// Someone gets the other kind of seat.
    Move(LearnerId, Seat),
    /// Someone else leads it.
    Captain(LearnerId),
    /// It is complete and waits for approval.
    HandIn,
    /// It is taken back to be changed.
    TakeBack,
    /// It may play.
    Approve,
    /// It may not, for this reason.
    Refuse(String),
    /// It is given up: everyone is free again.
    Withdraw,
}

impl Change {
    /// The word on record.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Rename(_) => "rename",
            Self::Join => "join",
            Self::Add(_) => "add",
            Self::Remove(_) => "remove",
            Self::Move(..) => "move",
            Self::Captain(_) => "captain",
            Self::HandIn => "hand-in",
            Self::TakeBack => "take-back",
            Self::Approve => "approve",
            Self::Refuse(_) => "refuse",
            Self::Withdraw => "withdraw",
        }
    }

    /// Whom it is about, if it is not who makes it.
    #[must_use]
    pub const fn whom(&self) -> Option<LearnerId> {
        match self {
            Self::Add(who) | Self::Remove(who) | Self::Move(who, _) | Self::Captain(who) => {
                Some(*who)
            }
            _ => None,
        }
    }
}

/// Why a team stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// That is not theirs to do.
    #[error("not theirs to do")]
    Forbidden,
    /// Registration is over.
    #[error("registration is over")]
    Closed,
    /// It waits for approval, or has it: it is taken back first.
    #[error("it was handed in")]
    HandedIn,
    /// It was given up.
    #[error("it was given up")]
    Withdrawn,
    /// It stands in a round that was drawn, so it stays approved.
    #[error("it stands in the draw")]
    Drawn,
    /// No such seat is free.
    #[error("no seat is free")]
    Full,
    /// There are fewer members than play.
    #[error("members are missing")]
    Short,
    /// They are in it already.
    #[error("already in it")]
    Already,
    /// They are not in it.
    #[error("not in it")]
    NotIn,
    /// The captain stays, as a member, until someone else leads.
    #[error("the captain stays")]
    Captain,
    /// No name, or one that is too long.
    #[error("a name of at most 30 characters")]
    Name,
    /// No reason, or one that is too long.
    #[error("a reason of at most 200 characters")]
    Note,
}

impl Team {
    /// How many seats of a kind are taken.
    #[must_use]
    pub fn taken(&self, kind: Seat) -> usize {
        self.seats.iter().filter(|(_, seat)| *seat == kind).count()
    }

    /// The seat of a person.
    #[must_use]
    pub fn seat(&self, who: LearnerId) -> Option<Seat> {
        let found = self.seats.iter().find(|(known, _)| *known == who);
        found.map(|(_, seat)| *seat)
    }

    /// The kind of seat that is free for one more, members first.
    #[must_use]
    pub fn free(&self, rules: &TeamRules) -> Option<Seat> {
        [Seat::Member, Seat::Substitute]
            .into_iter()
            .find(|kind| self.taken(*kind) < rules.most(*kind))
    }

    /// The team after a change that `by` makes at `now`.
    ///
    /// # Errors
    /// The [`Refusal`] that says why it stays as it is.
    pub fn after(
        &self,
        rules: &TeamRules,
        change: Change,
        by: Actor,
        now: Millis,
    ) -> Result<Self, Refusal> {
        self.allowed(rules, &change, by, now)?;
        let mut team = self.clone();
        match change {
            Change::Rename(name) => team.name = name_of(&name)?,
            Change::Join => team.take_in(rules, by.who)?,
            Change::Add(who) => team.take_in(rules, who)?,
            Change::Remove(who) => {
                team.seat(who).ok_or(Refusal::NotIn)?;
                if who == team.captain {
                    return Err(Refusal::Captain);
                }
                team.seats.retain(|(known, _)| *known != who);
            }
            Change::Move(who, to) => team.reseat(rules, who, to)?,
            Change::Captain(who) => match team.seat(who).ok_or(Refusal::NotIn)? {
                Seat::Member => team.captain = who,
                Seat::Substitute => return Err(Refusal::Captain),
            },
            Change::HandIn => team.state = State::HandedIn,
            Change::TakeBack => team.state = State::Open,
            Change::Approve => team.state = State::Approved,
            Change::Refuse(note) => {
                let note = note.trim();
                if note.is_empty() || note.chars().count() > LONGEST_NOTE {
                    return Err(Refusal::Note);
                }
                team.state = State::Refused;
                note.clone_into(&mut team.note);
            }
            Change::Withdraw => {
                team.state = State::Withdrawn;
                team.seats.clear();
            }
        }
        if team.state != State::Refused {
            team.note.clear();
        }
        let is_short = team.taken(Seat::Member) < rules.size;
        if is_short && matches!(team.state, State::HandedIn | State::Approved) {
            return Err(Refusal::Short);
        }
        Ok(team)
    }

    fn allowed(
        &self,
        rules: &TeamRules,
        change: &Change,
        by: Actor,
        now: Millis,
    ) -> Result<(), Refusal> {
        if self.state == State::Withdrawn {
            return Err(Refusal::Withdrawn);
        }
        let leads = by.who == self.captain;
        let is_theirs = match change {
            Change::Join => true,
            Change::Remove(who) => leads || by.decides || *who == by.who,
            Change::Approve | Change::Refuse(_) => by.decides,
            _ => leads || by.decides,
        };
        if !is_theirs {
            return Err(Refusal::Forbidden);
        }
        let ends = matches!(
            change,
            Change::Withdraw | Change::TakeBack | Change::Refuse(_)
        );
        if self.drawn && ends {
            return Err(Refusal::Drawn);
        }
        if matches!(change, Change::Approve | Change::Refuse(_)) {
            return Ok(());
        }
        if by.decides && *change != Change::Join {
            return Ok(());
        }
        if now >= rules.register_until {
            return Err(Refusal::Closed);
        }
        let is_open = matches!(self.state, State::Open | State::Refused);
        match change {
            Change::TakeBack if self.state == State::Approved => Err(Refusal::HandedIn),
            Change::TakeBack => Ok(()),
            _ if is_open => Ok(()),
            _ => Err(Refusal::HandedIn),
        }
    }

    fn take_in(&mut self, rules: &TeamRules, who: LearnerId) -> Result<(), Refusal> {
        if self.seat(who).is_some() {
            return Err(Refusal::Already);
        }
        let seat = self.free(rules).ok_or(Refusal::Full)?;
        self.seats.push((who, seat));
        Ok(())
    }

    fn reseat(&mut self, rules: &TeamRules, who: LearnerId, to: Seat) -> Result<(), Refusal> {
        let from = self.seat(who).ok_or(Refusal::NotIn)?;
        if from == to {
            return Ok(());
        }
        if who == self.captain {
            return Err(Refusal::Captain);
        }
        if self.taken(to) >= rules.most(to) {
            return Err(Refusal::Full);
        }
        for (known, seat) in &mut self.seats {
            if *known == who {
                *seat = to;
            }
        }
        Ok(())
    }
}

impl TeamRules {
    /// The most seats of a kind.
    #[must_use]
    pub const fn most(&self, kind: Seat) -> usize {
        match kind {
            Seat::Member => self.size,
            Seat::Substitute => self.substitutes,
        }
    }
}

/// A name as it is kept: without white space around it.
///
/// # Errors
/// [`Refusal::Name`] for none, or one of more than [`LONGEST_NAME`] characters.
pub fn name_of(typed: &str) -> Result<String, Refusal> {
    let name = typed.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control)
    {
        return Err(Refusal::Name);
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const RULES: TeamRules = TeamRules {
        size: 2,
        substitutes: 1,
        teams: 1,
        register_until: Millis(100),
    };
    const IN_TIME: Millis = Millis(99);

    fn person(n: u128) -> LearnerId {
        LearnerId(Uuid::from_u128(n))
    }

    fn by(n: u128) -> Actor {
        let who = person(n);
        Actor {
            who,
            decides: false,
        }
    }

    const fn boss() -> Actor {
        let who = LearnerId(Uuid::from_u128(9));
        Actor { who, decides: true }
    }

    /// Led by 1, with so many others.
    fn team(others: u128) -> Team {
        let mut team = Team {
            name: "一队".into(),
            state: State::Open,
            note: String::new(),
            captain: person(1),
            seats: vec![(person(1), Seat::Member)],
            drawn: false,
        };
        for n in 2..2 + others {
            team.take_in(&RULES, person(n)).expect("a free seat");
        }
        team
    }

    fn step(team: &Team, change: Change, by: Actor) -> Result<Team, Refusal> {
        team.after(&RULES, change, by, IN_TIME)
    }

    #[test]
    fn who_comes_gets_a_members_seat_while_there_is_one_and_then_a_substitutes() {
        let full = team(2);
        assert_eq!(full.seat(person(2)), Some(Seat::Member));
        assert_eq!(full.seat(person(3)), Some(Seat::Substitute));
        assert_eq!(step(&full, Change::Join, by(4)), Err(Refusal::Full));
        assert_eq!(step(&full, Change::Join, by(3)), Err(Refusal::Already));
    }

    #[test]
    fn a_team_is_handed_in_when_it_is_complete_and_changed_only_after_it_is_taken_back() {
        assert_eq!(step(&team(0), Change::HandIn, by(1)), Err(Refusal::Short));
        let waiting = step(&team(1), Change::HandIn, by(1)).expect("complete");
        assert_eq!(waiting.state, State::HandedIn);
        for change in [Change::Join, Change::Remove(person(2))] {
            assert_eq!(step(&waiting, change, by(2)), Err(Refusal::HandedIn));
        }
        let back = step(&waiting, Change::TakeBack, by(1)).expect("open again");
        assert!(step(&back, Change::Remove(person(2)), by(1)).is_ok());
    }

    #[test]
    fn only_who_decides_approves_and_a_refusal_has_a_reason_until_it_is_handed_in_again() {
        let waiting = step(&team(1), Change::HandIn, by(1)).expect("complete");
        assert_eq!(
            step(&waiting, Change::Approve, by(1)),
            Err(Refusal::Forbidden)
        );
        let none = Change::Refuse("  ".into());
        assert_eq!(step(&waiting, none, boss()), Err(Refusal::Note));
        let refused = step(&waiting, Change::Refuse("人员有误".into()), boss()).expect("refused");
        assert_eq!(
            (refused.state, refused.note.as_str()),
            (State::Refused, "人员有误")
        );
        let again = step(&refused, Change::HandIn, by(1)).expect("handed in again");
        assert_eq!((again.state, again.note.as_str()), (State::HandedIn, ""));
        let plays = step(&again, Change::Approve, boss()).expect("approved");
        assert_eq!(
            step(&plays, Change::TakeBack, by(1)),
            Err(Refusal::HandedIn)
        );
        assert_eq!(step(&team(0), Change::Approve, boss()), Err(Refusal::Short));
    }

    #[test]
    fn a_team_that_was_drawn_stays_in_the_draw_and_its_seats_may_still_be_changed() {
        let full = step(&team(2), Change::HandIn, by(1)).expect("complete");
        let mut plays = step(&full, Change::Approve, boss()).expect("approved");
        plays.drawn = true;
        for change in [
            Change::Withdraw,
            Change::TakeBack,
            Change::Refuse("人员有误".into()),
        ] {
            assert_eq!(step(&plays, change, boss()), Err(Refusal::Drawn));
        }
        assert_eq!(
            step(&plays, Change::Withdraw, by(2)),
            Err(Refusal::Forbidden)
        );
        assert!(step(&plays, Change::Remove(person(3)), boss()).is_ok());
    }

    #[test]
    fn once_registration_is_over_only_who_decides_changes_anything() {
        let late = |change, by| team(1).after(&RULES, change, by, RULES.register_until);
        let rename = || Change::Rename("二队".into());
        for change in [
            Change::Join,
            rename(),
            Change::HandIn,
            Change::Remove(person(2)),
        ] {
            let who = if change == Change::Join { 5 } else { 1 };
            assert_eq!(late(change, by(who)), Err(Refusal::Closed));
        }
        assert!(late(rename(), boss()).is_ok());
        assert!(late(Change::Add(person(5)), boss()).is_ok());
        assert_eq!(late(Change::Join, boss()), Err(Refusal::Closed));
    }

    #[test]
    fn an_approved_team_stays_complete_whoever_changes_it() {
        let full = step(&team(2), Change::HandIn, by(1)).expect("complete");
        let plays = step(&full, Change::Approve, boss()).expect("approved");
        let fewer = step(&plays, Change::Remove(person(2)), boss());
        assert_eq!(fewer, Err(Refusal::Short));
        assert!(step(&plays, Change::Remove(person(3)), boss()).is_ok());
    }

    #[test]
    fn the_captain_stays_a_member_until_someone_else_leads() {
        let full = team(2);
        assert_eq!(
            step(&full, Change::Remove(person(1)), by(1)),
            Err(Refusal::Captain)
        );
        let down = Change::Move(person(1), Seat::Substitute);
        assert_eq!(step(&full, down, by(1)), Err(Refusal::Captain));
        let substitute = Change::Captain(person(3));
        assert_eq!(step(&full, substitute, by(1)), Err(Refusal::Captain));
        let handed = step(&full, Change::Captain(person(2)), by(1)).expect("handed over");
        assert_eq!(
            step(&handed, Change::Remove(person(3)), by(1)),
            Err(Refusal::Forbidden)
        );
        assert!(
            step(&handed, Change::Remove(person(1)), by(1)).is_ok(),
            "may leave now"
        );
    }

    #[test]
    fn seats_are_changed_within_their_numbers() {
        let mut two = team(1);
        let down = Change::Move(person(2), Seat::Substitute);
        two = step(&two, down, by(1)).expect("a free seat");
        assert_eq!(two.seat(person(2)), Some(Seat::Substitute));
        let up = Change::Move(person(2), Seat::Member);
        assert!(step(&two, up.clone(), by(1)).is_ok());
        two.seats.push((person(3), Seat::Member));
        assert_eq!(step(&two, up, by(1)), Err(Refusal::Full));
        let stranger = Change::Move(person(8), Seat::Member);
        assert_eq!(step(&two, stranger, by(1)), Err(Refusal::NotIn));
    }

    #[test]
    fn a_team_that_is_given_up_frees_everyone_and_stays_given_up() {
        let gone = step(&team(2), Change::Withdraw, by(1)).expect("given up");
        assert_eq!((gone.state, gone.seats.len()), (State::Withdrawn, 0));
        assert_eq!(
            step(&team(2), Change::Withdraw, by(2)),
            Err(Refusal::Forbidden)
        );
        for (change, by) in [(Change::Join, by(1)), (Change::Approve, boss())] {
            assert_eq!(step(&gone, change, by), Err(Refusal::Withdrawn));
        }
    }

    #[test]
    fn a_name_is_short_and_not_empty() {
        assert_eq!(name_of("  成都  "), Ok("成都".into()));
        for wrong in ["", "  ", "一\n二", &"长".repeat(LONGEST_NAME + 1)] {
            assert_eq!(name_of(wrong), Err(Refusal::Name));
        }
    }
}
