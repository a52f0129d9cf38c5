//! The stream of an answer: server-sent events (WHATWG HTML 9.2) with JSON inside, read byte by byte so that
//! letters cut in two by the network do no harm.

use domain::answer::Usage;
use serde_json::Value;

use crate::error::EngineError;

/// The longest line that is taken, in bytes.
const LONGEST_LINE: usize = 1 << 20;

/// Cuts bytes into the data of events.
#[derive(Default)]
pub(super) struct Events {
    rest: Vec<u8>,
}

impl Events {
    /// The data lines that are whole now. Comments, other fields and empty lines are left out.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<Vec<String>, EngineError> {
        self.rest.extend_from_slice(bytes);
        let mut events = Vec::new();
        while let Some(end) = self
            .rest
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
        {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line[..end]);
            if let Some(data) = line.strip_prefix("data:") {
                events.push(data.strip_prefix(' ').unwrap_or(data).to_owned());
            }
        }
        if self.rest.len() > LONGEST_LINE {
            return Err(EngineError::BadReply {
                why: "a line of it does not end",
            });
        }
        Ok(events)
    }
}

/// What is known of the answer so far.
#[derive(Default)]
pub(super) struct Reading {
    usage: Usage,
    /// An event of an answer came.
    began: bool,
    /// The server said why the answer ended.
    finished: bool,
    done: bool,
}

impl Reading {
    /// The text of an event, if it has any.
    pub(super) fn read(&mut self, event: &str) -> Result<Option<String>, EngineError> {
        if event.trim() == "[DONE]" {
            self.done = true;
            return Ok(None);
        }
        if event.trim().is_empty() {
            return Ok(None);
        }
        let bad = EngineError::BadReply {
            why: "it is not JSON",
        };
        let event: Value = serde_json::from_str(event).map_err(|_| bad)?;
        if let Some(error) = event.get("error").filter(|error| !error.is_null()) {
            return Err(error_inside(error));
        }
        if let Some(usage) = event.get("usage").filter(|usage| usage.is_object()) {
            let count = |name: &str| usage.get(name).and_then(Value::as_u64).unwrap_or(0);
            self.usage = Usage {
                prompt_tokens: count("prompt_tokens"),
                answer_tokens: count("completion_tokens"),
            };
        }
        let Some(choice) = event.pointer("/choices/0") else {
            return Ok(None);
        };
        self.began = true;
        self.finished |= choice.get("finish_reason").is_some_and(Value::is_string);
        let text = choice
            .pointer("/delta/content")
            .or(choice.pointer("/message/content"));
        let text = text.and_then(Value::as_str).filter(|text| !text.is_empty());
        Ok(text.map(str::to_owned))
    }

    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    /// What was used up, once the stream ended; an error when it ended too early.
    pub(super) fn usage(&self) -> Result<Usage, EngineError> {
        match self.done || self.finished {
            true => Ok(self.usage),
            false if self.began => Err(EngineError::CutOff),
            false => Err(EngineError::BadReply {
                why: "it is no stream of an answer",
            }),
        }
    }
}

fn error_inside(error: &Value) -> EngineError {
    let code = error.get("code").and_then(Value::as_u64);
    let code = code.or(error.get("status").and_then(Value::as_u64));
    match code {
        Some(401 | 403) => EngineError::KeyRefused,
        Some(429) => EngineError::Limited { retry_after: None },
        Some(status @ 400..=599) => EngineError::Refused {
            status: status as u16,
        },
        _ => EngineError::BadReply {
            why: "the server reported an error",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_whole_however_the_network_cuts_them() {
        let stream =
            ": hello\r\ndata: привет\n\nevent: x\ndata:  two\r\n\r\ndata: [DONE]\n\n".as_bytes();
        for size in 1..stream.len() {
            let mut events = Events::default();
            let mut all = Vec::new();
            for part in stream.chunks(size) {
                all.extend(events.push(part).unwrap());
            }
            assert_eq!(all, ["привет", " two", "[DONE]"]);
        }
    }

    #[test]
    fn an_error_inside_the_stream_is_an_error() {
        let mut reading = Reading::default();
        let limited = reading.read(r#"{"error":{"message":"slow down","code":429}}"#);
        assert_eq!(limited, Err(EngineError::Limited { retry_after: None }));
        assert!(reading.read(r#"{"error":"overloaded"}"#).is_err());
        assert!(reading.read("<html>").is_err());
        assert!(
            reading.usage().is_err(),
            "nothing said that the answer is whole"
        );
    }
}
