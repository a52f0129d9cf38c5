//! A reply's bytes become text: characters that are not whole yet, and what may be the beginning of a stop sequence,
//! are held back.

/// Joins the bytes of tokens.
pub struct Pieces {
    stops: Vec<String>,
    /// Bytes that are no whole character yet.
    bytes: Vec<u8>,
    /// Text that may be the beginning of a stop sequence.
    held: String,
}

/// What may be shown now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Perhaps nothing.
    pub text: String,
    /// A stop sequence followed; nothing may come after it.
    pub has_stopped: bool,
}

impl Pieces {
    /// The reply ends before any of `stops`.
    pub fn new(stops: Vec<String>) -> Pieces {
        let stops = stops.into_iter().filter(|stop| !stop.is_empty());
        Pieces {
            stops: stops.collect(),
            bytes: Vec::new(),
            held: String::new(),
        }
    }

    /// Adds the bytes of a token.
    pub fn push(&mut self, bytes: &[u8]) -> Shown {
        self.bytes.extend_from_slice(bytes);
        let mut whole = 0;
        for chunk in self.bytes.utf8_chunks() {
            self.held.push_str(chunk.valid());
            whole += chunk.valid().len();
            let broken = chunk.invalid();
            let is_begun = whole + broken.len() == self.bytes.len()
                && std::str::from_utf8(broken).is_err_and(|error| error.error_len().is_none());
            if !broken.is_empty() && !is_begun {
                self.held.push(char::REPLACEMENT_CHARACTER);
                whole += broken.len();
            }
        }
        self.bytes.drain(..whole);
        let stop = self
            .stops
            .iter()
            .filter_map(|stop| self.held.find(stop))
            .min();
        if let Some(stop) = stop {
            self.held.truncate(stop);
            self.bytes.clear();
            return Shown {
                text: std::mem::take(&mut self.held),
                has_stopped: true,
            };
        }
        let kept = self.held.split_off(self.held.len() - self.begun());
        Shown {
            text: std::mem::replace(&mut self.held, kept),
            has_stopped: false,
        }
    }

    /// What was held back, when nothing follows.
    pub fn finish(mut self) -> String {
        if !self.bytes.is_empty() {
            self.held.push(char::REPLACEMENT_CHARACTER);
        }
        self.held
    }

    /// Bytes at the end that begin a stop sequence.
    fn begun(&self) -> usize {
        let longest = |stop: &String| {
            let cuts = stop.char_indices().map(|(at, _)| at);
            cuts.filter(|at| self.held.ends_with(&stop[..*at])).max()
        };
        self.stops.iter().filter_map(longest).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_come_whole_however_tokens_split_them() {
        let text = "Привет 👩‍🚀, мир!";
        for size in 1..5 {
            let mut pieces = Pieces::new(Vec::new());
            let mut shown = String::new();
            for token in text.as_bytes().chunks(size) {
                shown.push_str(&pieces.push(token).text);
                assert!(text.starts_with(&shown));
            }
            shown.push_str(&pieces.finish());
            assert_eq!(shown, text);
        }
    }

    #[test]
    fn broken_bytes_are_replaced() {
        let mut pieces = Pieces::new(Vec::new());
        assert_eq!(pieces.push(b"a\xff\xd0").text, "a\u{fffd}");
        assert_eq!(pieces.push(b"b\xd0").text, "\u{fffd}b");
        assert_eq!(pieces.finish(), "\u{fffd}");
    }

    #[test]
    fn a_stop_sequence_is_never_shown_not_even_its_beginning() {
        let mut pieces = Pieces::new(vec!["\nUser:".to_owned(), "###".to_owned()]);
        assert_eq!(pieces.push("да\nUs".as_bytes()).text, "да");
        assert_eq!(pieces.push(b"ed ##").text, "\nUsed ");
        let shown = pieces.push(b"#x");
        assert!(shown.has_stopped && shown.text.is_empty());
    }
}
