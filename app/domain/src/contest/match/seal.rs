//! Questions that reach every phone before they may be read.
//!
//! The words of a question travel ahead, sealed, and what opens them follows at the moment the
//! question opens: a message of the same few bytes for everyone, so that a far office does not
//! read later because its line is slow. ChaCha20-Poly1305 (RFC 8439), a key of its own for each
//! question, so that the nonce may be nought.

use super::QuestionNumber;
use super::message::Words;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use sha2::{Digest, Sha256};

/// What all questions of a match are sealed with; only the server has it.
#[derive(Clone)]
pub struct Seal(pub [u8; 32]);

impl Seal {
    /// What opens a question, as it is sent.
    #[must_use]
    pub fn key(&self, question: QuestionNumber) -> String {
        BASE64.encode(self.key_of(question))
    }

    fn key_of(&self, question: QuestionNumber) -> [u8; 32] {
        let digest = Sha256::new()
            .chain_update(self.0)
            .chain_update(question.0.to_le_bytes())
            .finalize();
        digest.into()
    }

    /// The words of a question as they are sent ahead; `None` for words beyond all measure.
    #[must_use]
    pub fn seal(&self, question: QuestionNumber, words: &Words) -> Option<String> {
        let plain = serde_json::to_vec(words).ok()?;
        let cipher = ChaCha20Poly1305::new(&Key::from(self.key_of(question)));
        let sealed = cipher.encrypt(&Nonce::default(), plain.as_slice()).ok()?;
        Some(BASE64.encode(sealed))
    }
}

/// The words that `key` opens; `None` when it does not fit, or either is no such thing.
#[must_use]
pub fn open(sealed: &str, key: &str) -> Option<Words> {
    let key: [u8; 32] = BASE64.decode(key).ok()?.try_into().ok()?;
    let cipher = ChaCha20Poly1305::new(&Key::from(key));
    let sealed = BASE64.decode(sealed).ok()?;
    let plain = cipher.decrypt(&Nonce::default(), sealed.as_slice()).ok()?;
    serde_json::from_slice(&plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::QuestionKind;

    fn words() -> Words {
        Words {
            kind: QuestionKind::TrueFalse,
            stem: "宪法具有最高的法律效力。".into(),
            options: vec!["对".into(), "错".into()],
        }
    }

    #[test]
    fn sealed_words_open_with_their_key_and_no_other() {
        let seal = Seal([7; 32]);
        let number = QuestionNumber(3);
        let sealed = seal.seal(number, &words()).unwrap();
        assert!(!sealed.contains("宪法"));
        assert_eq!(open(&sealed, &seal.key(number)), Some(words()));
        assert_eq!(open(&sealed, &seal.key(QuestionNumber(4))), None);
        assert_eq!(open(&sealed, &Seal([8; 32]).key(number)), None);
        assert_eq!(open(&sealed[1..], &seal.key(number)), None);
        assert_eq!(open("", "?"), None);
    }
}
