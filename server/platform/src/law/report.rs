//! What an import did, and what a person should look at.

use super::folder::{Unreadable, UnreadableReason};
use domain::law::{Finding, FindingReason, ParseFailure};
use serde::Serialize;

/// What an import found and did. Every file counts once:
/// `files = created + changed + unchanged + refused`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// The files that were given.
    pub files: usize,
    /// The laws in the files that were not refused; the next three likewise.
    pub laws: usize,
    /// Their versions.
    pub versions: usize,
    /// The parts of those.
    pub parts: usize,
    /// The articles.
    pub articles: usize,
    /// Files whose part of a law is new.
    pub created: usize,
    /// Files whose text is another than before.
    pub changed: usize,
    /// Files that are here already, word for word.
    pub unchanged: usize,
    /// Files that were not taken over; each has a finding of line 0 that says why.
    pub refused: usize,
    /// What a person should look at, by file and line.
    pub findings: Vec<ImportFinding>,
}

/// Something about one file that a person should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportFinding {
    /// The file, by [`super::import::Source::name`].
    pub file: String,
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// The beginning of that line.
    pub text: String,
    /// What is wrong.
    pub reason: ImportReason,
}

/// What is wrong with a line, or with a whole file. In JSON both are an object with `kind`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum ImportReason {
    /// A line looks wrong; the file was taken over all the same.
    #[error("{0}")]
    Line(FindingReason),
    /// The file was refused.
    #[error("refused: {0}")]
    File(Refusal),
}

/// Why a file was not taken over. What was here before stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Refusal {
    /// It can not be read.
    #[error("{because}")]
    Unreadable {
        /// Why not.
        because: UnreadableReason,
    },
    /// It holds no law.
    #[error("{because}")]
    NoLaw {
        /// Why not.
        because: ParseFailure,
    },
    /// Another file holds the same part of the same version, in other words.
    #[error("{by} holds the same part of the same version, in other words")]
    Taken {
        /// That file.
        by: String,
    },
    /// The database refused it; the log says why.
    #[error("the database did not take it; the log says why")]
    NotStored,
}

impl ImportReport {
    /// Counts the files that could not be read as refused.
    pub fn add_unreadable(&mut self, files: Vec<Unreadable>) {
        for file in files {
            self.files += 1;
            self.refuse(
                file.name,
                Refusal::Unreadable {
                    because: file.reason,
                },
            );
        }
    }

    pub(super) fn refuse(&mut self, file: String, refusal: Refusal) {
        self.refused += 1;
        let reason = ImportReason::File(refusal);
        self.findings.push(ImportFinding {
            file,
            line: 0,
            text: String::new(),
            reason,
        });
    }

    pub(super) fn look_at(&mut self, file: &str, findings: Vec<Finding>) {
        self.findings
            .extend(findings.into_iter().map(|finding| ImportFinding {
                file: file.to_owned(),
                line: finding.line,
                text: finding.text,
                reason: ImportReason::Line(finding.reason),
            }));
    }
}
