//! A folder of texts, read from the disk.

use serde::Serialize;
use std::path::Path;
use std::{fs, io};

/// The largest file that is read.
const GREATEST: u64 = 8 * 1024 * 1024;

/// A text to be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path of the file within the folder that was given, with `/`.
    pub name: String,
    /// The name of the folder it lies in, empty for that folder itself.
    pub category: String,
    /// What it holds.
    pub text: String,
}

/// A file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// The path within the folder that was given, with `/`.
    pub name: String,
    /// Why not.
    pub reason: UnreadableReason,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum UnreadableReason {
    /// More than 8 MiB.
    #[error("the file is larger than 8 MiB")]
    TooLarge,
    /// Neither UTF-8 nor UTF-16 with its mark nor GB18030.
    #[error("the file is neither UTF-8 nor UTF-16 with its mark nor GB18030")]
    NotText,
    /// The system refused; its words.
    #[error("the file could not be read: {message}")]
    Refused {
        /// What the system said.
        message: String,
    },
}

/// Reads every `*.md` of a folder and the folders in it, sorted by name. UTF-8 and GB18030 are
/// understood, and UTF-16 where it says that it is. Folders behind symbolic links are left out.
///
/// # Errors
/// When the folder itself can not be read.
pub fn read_folder(dir: &Path) -> io::Result<(Vec<Source>, Vec<Unreadable>)> {
    let mut found = Found::default();
    for entry in fs::read_dir(dir)? {
        found.entry(&entry?, "", "");
    }
    found.sources.sort_by(|a, b| a.name.cmp(&b.name));
    found.unreadable.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((found.sources, found.unreadable))
}

#[derive(Default)]
struct Found {
    sources: Vec<Source>,
    unreadable: Vec<Unreadable>,
}

impl Found {
    /// Takes an entry of the folder `category` whose path is `above` (ending in `/`, or empty).
    fn entry(&mut self, entry: &fs::DirEntry, above: &str, category: &str) {
        let own = entry.file_name().to_string_lossy().into_owned();
        let name = format!("{above}{own}");
        let taken = match entry.file_type() {
            Ok(kind) if kind.is_dir() => self.folder(&entry.path(), &name, &own),
            Ok(_) if is_markdown(&entry.path()) => read_file(&entry.path()).map(|text| {
                let category = category.to_owned();
                self.sources.extend(text.map(|text| Source {
                    name: name.clone(),
                    category,
                    text,
                }));
            }),
            Ok(_) => Ok(()),
            Err(error) => Err(refused(&error)),
        };
        if let Err(reason) = taken {
            self.unreadable.push(Unreadable { name, reason });
        }
    }

    fn folder(&mut self, path: &Path, name: &str, own: &str) -> Result<(), UnreadableReason> {
        for entry in fs::read_dir(path).map_err(|e| refused(&e))? {
            self.entry(&entry.map_err(|e| refused(&e))?, &format!("{name}/"), own);
        }
        Ok(())
    }
}

fn refused(error: &io::Error) -> UnreadableReason {
    UnreadableReason::Refused {
        message: error.to_string(),
    }
}

fn is_markdown(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("md"))
}

/// The text of a file; none where a link leads to something else than a file.
fn read_file(path: &Path) -> Result<Option<String>, UnreadableReason> {
    let about = fs::metadata(path).map_err(|e| refused(&e))?;
    if !about.is_file() {
        return Ok(None);
    }
    if about.len() > GREATEST {
        return Err(UnreadableReason::TooLarge);
    }
    let bytes = fs::read(path).map_err(|e| refused(&e))?;
    decode(bytes).map(Some).ok_or(UnreadableReason::NotText)
}

fn decode(bytes: Vec<u8>) -> Option<String> {
    let text = match encoding_rs::Encoding::for_bom(&bytes) {
        Some((marked, _)) => decode_as(marked, &bytes)?,
        None => match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => decode_as(encoding_rs::GB18030, error.as_bytes())?,
        },
    };
    (!text.contains('\0')).then_some(text)
}

fn decode_as(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Option<String> {
    let (text, _, wrong) = encoding.decode(bytes);
    (!wrong).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encodings_in_use_are_understood() {
        let words = "第一条　甲，乙。";
        let (gb, _, _) = encoding_rs::GB18030.encode(words);
        assert_ne!(gb, words.as_bytes());
        assert_eq!(decode(gb.into_owned()).as_deref(), Some(words));
        assert_eq!(decode(words.as_bytes().to_vec()).as_deref(), Some(words));
        let marked = [&b"\xEF\xBB\xBF"[..], words.as_bytes()].concat();
        assert_eq!(decode(marked).as_deref(), Some(words));
        let wide = words.encode_utf16().flat_map(u16::to_le_bytes);
        assert_eq!(
            decode([0xFF, 0xFE].into_iter().chain(wide).collect()).as_deref(),
            Some(words)
        );
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()), None);
        assert_eq!(decode(vec![0xFF; 9]), None);
        assert_eq!(decode(b"a\0b".to_vec()), None);
        assert_eq!(decode(Vec::new()).as_deref(), Some(""));
    }
}
