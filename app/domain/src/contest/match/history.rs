//! The boards that undo and redo bring back.

use super::Board;
use crate::time::Millis;

/// How many steps back are kept; more is never taken back between two scoreboards.
const DEPTH: usize = 64;

/// The boards before the steps since the last scoreboard, and those that undo came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct History {
    undo: Vec<Board>,
    redo: Vec<Board>,
}

impl History {
    /// Keeps the board as it is before a step.
    pub fn keep(&mut self, board: &Board, at: Millis) {
        if self.undo.len() == DEPTH {
            self.undo.remove(0);
        }
        self.undo.push(stopped(board.clone(), at));
    }

    /// Brings back the board before the last step.
    pub fn undo(&mut self, board: &mut Board, at: Millis) {
        if let Some(before) = self.undo.pop() {
            let after = std::mem::replace(board, before);
            self.redo.push(stopped(after, at));
        }
    }

    /// Brings back the board that the last undo came from.
    pub fn redo(&mut self, board: &mut Board, at: Millis) {
        if let Some(after) = self.redo.pop() {
            let before = std::mem::replace(board, after);
            self.undo.push(stopped(before, at));
        }
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
