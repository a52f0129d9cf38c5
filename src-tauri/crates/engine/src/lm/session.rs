//! What a model has read in one conversation. A prompt that begins as the last one did is read from where it differs.

use std::sync::atomic::AtomicBool;

use crate::lm::cache::Cache;
use crate::lm::error::RunError;
use crate::lm::model::Model;

/// Tokens, and what the model has made of them.
#[derive(Debug, Clone)]
pub struct Session {
    tokens: Vec<u32>,
    cache: Cache,
}

impl Session {
    /// A conversation that has not begun.
    pub fn new(model: &Model) -> Session {
        Session {
            tokens: Vec::new(),
            cache: model.cache(),
        }
    }

    /// Reads a prompt; gives how likely each token is to come next (logits). Only what the session does not hold yet
    /// is computed, and at least the last token. `prompt` is not empty.
    ///
    /// # Errors
    /// `Cancelled` once `stop` is set; what was read until then is kept.
    pub fn read(
        &mut self,
        model: &mut Model,
        prompt: &[u32],
        stop: &AtomicBool,
    ) -> Result<Vec<f32>, RunError> {
        let kept = self.common(prompt).min(prompt.len().saturating_sub(1));
        self.cut(kept);
        let logits = model.read(&prompt[kept..], &mut self.cache, stop);
        self.tokens
            .extend_from_slice(&prompt[kept..self.cache.len()]);
        logits
    }

    /// Reads one more token.
    ///
    /// # Errors
    /// As [`Session::read`].
    pub fn push(
        &mut self,
        model: &mut Model,
        token: u32,
        stop: &AtomicBool,
    ) -> Result<Vec<f32>, RunError> {
        let logits = model.read(&[token], &mut self.cache, stop)?;
        self.tokens.push(token);
        Ok(logits)
    }

    /// With how many tokens a prompt begins as this session does.
    pub fn common(&self, prompt: &[u32]) -> usize {
        let pairs = self.tokens.iter().zip(prompt);
        pairs.take_while(|(ours, theirs)| ours == theirs).count()
    }

    /// Forgets all but the first `length` tokens.
    pub fn cut(&mut self, length: usize) {
        self.tokens.truncate(length);
        self.cache.cut(length);
    }

    /// Another session that begins with the first `length` tokens of this one.
    pub fn fork(&self, length: usize) -> Session {
        let length = length.min(self.tokens.len());
        Session {
            tokens: self.tokens[..length].to_vec(),
            cache: self.cache.fork(length),
        }
    }

    /// What it holds.
    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// Bytes of memory it takes.
    pub fn bytes(&self) -> usize {
        self.cache.bytes() + self.tokens.capacity() * size_of::<u32>()
    }
}
