//! What undo takes back, and redo does again.

use super::asked::Asked;
use super::{Board, Clock, Event, QuestionNumber};
use crate::time::Millis;
use std::sync::Arc;

/// The ways back from the steps since the last scoreboard, and back from the undos. A copy of a
/// history shares what it remembers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct History {
    undo: Vec<Way>,
    redo: Vec<Way>,
}

/// What takes a step back, or does it again.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Way {
    /// The whole board becomes what it was: nothing that players may do outlasts the step.
    Board(Arc<Board>),
    /// The clock gets so many milliseconds; whatever players did since stays.
    Clock(i64),
    /// A question that is not open becomes what it was; whatever players did since stays.
    Question(QuestionNumber, Option<Arc<Asked>>),
}

impl Way {
    fn back(step: &Event, before: Board, after: &Board, at: Millis) -> Self {
        match step {
            Event::ClockMoved { .. } => Self::Clock(gained(after.clock, before.clock)),
            Event::Voided { question, .. } => {
                Self::Question(*question, before.asked.get(question).cloned())
            }
            _ => Self::Board(Arc::new(stopped(before, at))),
        }
    }

    /// Goes this way, and returns the way back.
    fn go(self, board: &mut Board, at: Millis) -> Self {
        match self {
            Self::Board(other) => {
                let left = std::mem::replace(board, Arc::unwrap_or_clone(other));
                Self::Board(Arc::new(stopped(left, at)))
            }
            Self::Clock(by_ms) => {
                let before = board.clock;
                board.clock = before.map(|clock| clock.moved(by_ms, at));
                Self::Clock(gained(board.clock, before))
            }
            Self::Question(number, Some(asked)) => {
                Self::Question(number, board.asked.insert(number, asked))
            }
            Self::Question(number, None) => Self::Question(number, board.asked.remove(&number)),
        }
    }

    const fn is_board(&self) -> bool {
        matches!(self, Self::Board(_))
    }
}

/// What a clock gets that goes from one to the other.
fn gained(from: Option<Clock>, to: Option<Clock>) -> i64 {
    from.zip(to).map_or(0, |(from, to)| to.exceeds(from))
}

impl History {
    /// Keeps the way back from a step.
    pub fn keep(&mut self, step: &Event, before: Board, after: &Board, at: Millis) {
        self.undo.push(Way::back(step, before, after, at));
    }

    /// Takes back the last step. Says whether the whole board was brought back.
    pub fn undo(&mut self, board: &mut Board, at: Millis) -> bool {
        Self::go(&mut self.undo, &mut self.redo, board, at)
    }

    /// Takes back the last undo. Says whether the whole board was brought back.
    pub fn redo(&mut self, board: &mut Board, at: Millis) -> bool {
        Self::go(&mut self.redo, &mut self.undo, board, at)
    }

    fn go(from: &mut Vec<Way>, to: &mut Vec<Way>, board: &mut Board, at: Millis) -> bool {
        let Some(way) = from.pop() else { return false };
        let is_board = way.is_board();
        to.push(way.go(board, at));
        is_board
    }

    /// A new step was made: what was undone before it can not come back.
    pub fn forget_redo(&mut self) {
        self.redo.clear();
    }

    /// What came before is final.
    pub fn make_final(&mut self) {
        self.undo.clear();
        self.redo.clear();
    }

    /// How many steps can be undone.
    pub fn undos(&self) -> usize {
        self.undo.len()
    }

    /// How many undos can be taken back.
    pub fn redos(&self) -> usize {
        self.redo.len()
    }
}

/// What is brought back never runs by itself: people must see first where they are.
fn stopped(mut board: Board, at: Millis) -> Board {
    board.stop(at);
    board
}
