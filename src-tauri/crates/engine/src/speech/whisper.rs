//! Whisper: what a spectrum sounds like, and which words that is.

use std::ops::Range;

use domain::language::Language;
use rayon::prelude::*;

use super::Stop;
use super::decoder::{Decoder, Memory};
use super::mel::FRAMES;
use super::vocabulary::Vocabulary;
use crate::arithmetic::math;
use crate::arithmetic::product::Lane;
use crate::error::EngineError;
use crate::local::attention::{Desk, Heads, attend};
use crate::local::linear::{self, Linear};
use crate::local::prepared::{Prepared, SpeechHeader, TokenizerKind};

/// Most tokens of half a minute: nobody speaks faster.
const MOST_TOKENS: usize = 224;
/// A language is believed from this share of all languages; below it what the conversation speaks goes first.
const SURE: f32 = 0.5;
/// Nobody speaks when the model says so with this probability and its words are unlikely besides.
const SILENCE: f32 = 0.6;
/// The mean logarithm of the probability of words that are unlikely.
const UNLIKELY: f32 = -1.0;

/// The sizes and places of a model's weights.
pub(super) struct Whisper {
    speech: SpeechHeader,
    conv: [Linear; 2],
    positions: Range<usize>,
    layers: Vec<Layer>,
    norm: [Range<usize>; 2],
    decoder: Decoder,
    vocabulary: Vocabulary,
}

struct Layer {
    qkv: Linear,
    out: Linear,
    up: Linear,
    down: Linear,
    first_norm: [Range<usize>; 2],
    last_norm: [Range<usize>; 2],
}

/// What was said in one window.
pub(super) struct Said {
    pub(super) text: String,
    pub(super) language: Language,
}

impl Whisper {
    /// Finds the weights; the error names what is missing or has the wrong size.
    pub(super) fn new(file: &Prepared) -> Result<Whisper, String> {
        let header = &file.header;
        let TokenizerKind::Speech(speech) = &header.tokenizer else {
            return Err("the prepared file is not one of a model that hears".to_owned());
        };
        let (hidden, wide) = (header.hidden, header.intermediate);
        if header.heads == 0 || speech.heads == 0 || header.positions * 2 != FRAMES {
            return Err("the prepared file gives sizes that no Whisper has".to_owned());
        }
        let layer = |number: usize| {
            let linear = |name: &str, outputs: usize, inputs: usize| {
                Linear::find(file, &format!("{number}.{name}"), outputs, inputs)
            };
            let norm = |name: &str| linear::pair(file, &format!("{number}.{name}"), hidden, 1);
            Ok::<_, String>(Layer {
                qkv: linear("qkv", 3 * hidden, hidden)?,
                out: linear("out", hidden, hidden)?,
                up: linear("up", wide, hidden)?,
                down: linear("down", hidden, wide)?,
                first_norm: norm("first_norm")?,
                last_norm: norm("last_norm")?,
            })
        };
        Ok(Whisper {
            conv: [
                Linear::find(file, "conv1", hidden, 3 * speech.bands)?,
                Linear::find(file, "conv2", hidden, 3 * hidden)?,
            ],
            positions: linear::section(file, "positions", header.positions * hidden)?,
            layers: (0..header.layers).map(layer).collect::<Result<_, _>>()?,
            norm: linear::pair(file, "norm", hidden, 1)?,
            decoder: Decoder::new(file, speech)?,
            vocabulary: Vocabulary::new(file)?,
            speech: speech.clone(),
        })
    }

    /// Bands of a spectrum.
    pub(super) fn bands(&self) -> usize {
        self.speech.bands
    }

    /// What is said. The language is found unless it is known; where it is doubtful `hint` goes first.
    pub(super) fn listen(
        &self,
        file: &Prepared,
        spectrum: &[f32],
        (known, hint): (Option<Language>, Language),
        stop: &Stop,
    ) -> Result<Said, EngineError> {
        let heard = self.encode(file, spectrum, stop)?;
        let mut memory = self.decoder.listen_to(file, &heard, stop)?;
        drop(heard);
        let speech = &self.speech;
        let logits = self.decoder.next(file, &mut memory, speech.start);
        let silence = probability(logits, speech.silence);
        let (language, token) = self.language(logits, known, hint);
        let (tokens, likelihood) = self.write(file, &mut memory, token, stop)?;
        let is_silence = silence > SILENCE && likelihood < UNLIKELY;
        let text = match is_silence {
            true => String::new(),
            false => self.vocabulary.text(file, &tokens),
        };
        Ok(Said { text, language })
    }

    fn language(&self, logits: &[f32], known: Option<Language>, hint: Language) -> (Language, u32) {
        let languages = &self.speech.languages;
        let of = |language: Language| {
            let named = languages.iter().find(|(code, _)| code == language.code());
            named.map(|(_, token)| (language, *token))
        };
        if let Some(known) = known.and_then(of) {
            return known;
        }
        let mut scores: Vec<f32> = languages
            .iter()
            .map(|(_, token)| logits[*token as usize])
            .collect();
        let best = (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
        let best = best.unwrap_or(0);
        let factor = math::exponentials(&mut scores);
        let is_sure = scores[best] * factor >= SURE;
        if let Some(hinted) = of(hint).filter(|_| !is_sure) {
            return hinted;
        }
        let (code, token) = &languages[best];
        // Codes of three letters are no ISO 639-1.
        let language = Language::try_from(code.clone()).unwrap_or(Language::UNKNOWN);
        (language, *token)
    }

    /// The likeliest tokens one after the other, and the mean logarithm of their probabilities.
    fn write(
        &self,
        file: &Prepared,
        memory: &mut Memory,
        language: u32,
        stop: &Stop,
    ) -> Result<(Vec<u32>, f32), EngineError> {
        let speech = &self.speech;
        for token in [language, speech.transcribe] {
            self.decoder.next(file, memory, token);
        }
        let mut tokens: Vec<u32> = Vec::new();
        let mut likelihood = 0.0;
        let mut last = speech.no_times;
        let most = MOST_TOKENS.min(speech.longest.saturating_sub(4));
        while tokens.len() < most {
            stop.check()?;
            let logits = self.decoder.next(file, memory, last);
            let never_first = match tokens.is_empty() {
                true => &speech.never_first[..],
                false => &[],
            };
            for token in speech.never.iter().chain(never_first) {
                if let Some(logit) = logits.get_mut(*token as usize) {
                    *logit = f32::NEG_INFINITY;
                }
            }
            // Behind the end stand languages and times: no words.
            let words = &logits[..=speech.end as usize];
            let token = (0..words.len()).max_by(|a, b| words[*a].total_cmp(&words[*b]));
            let token = token.unwrap_or(0) as u32;
            likelihood += probability(logits, token).max(1e-9).ln();
            if token == speech.end {
                break;
            }
            tokens.push(token);
            last = token;
            if let Some(once) = without_repetition(&tokens) {
                tokens.truncate(once);
                break;
            }
        }
        let count = tokens.len() + 1;
        Ok((tokens, likelihood / count as f32))
    }

    /// A row of numbers for each fiftieth of a second.
    fn encode(
        &self,
        file: &Prepared,
        spectrum: &[f32],
        stop: &Stop,
    ) -> Result<Vec<f32>, EngineError> {
        let header = &file.header;
        let (hidden, wide, epsilon) = (header.hidden, header.intermediate, header.epsilon);
        let bands = self.speech.bands;
        let rows = header.positions;
        // A row of zeros on each side, as the second one wants it too.
        let mut first = vec![0.0; (FRAMES + 2) * hidden];
        let inner = &mut first[hidden..(FRAMES + 1) * hidden];
        let gelu = |lane: &mut Lane| math::gelu(lane);
        shared(
            &self.conv[0],
            file,
            (spectrum, bands),
            (inner, hidden),
            gelu,
        );
        let mut x = vec![0.0; rows * hidden];
        shared(
            &self.conv[1],
            file,
            (&first, 2 * hidden),
            (&mut x, hidden),
            gelu,
        );
        drop(first);
        math::add(&mut x, file.numbers(&self.positions));
        let mut normal = vec![0.0; rows * hidden];
        let mut qkv = vec![0.0; rows * 3 * hidden];
        let mut widened = vec![0.0; rows * wide];
        let mut desk = Desk::default();
        let heads = Heads {
            count: header.heads,
            hidden,
        };
        for layer in &self.layers {
            stop.check()?;
            let norm = linear::numbers(file, &layer.first_norm);
            normalised(&x, &mut normal, norm, epsilon);
            shared(
                &layer.qkv,
                file,
                (&normal, hidden),
                (&mut qkv, 3 * hidden),
                |_| (),
            );
            attend(heads, &qkv, &mut normal, &mut desk);
            stop.check()?;
            let added = &mut qkv[..rows * hidden];
            shared(
                &layer.out,
                file,
                (&normal, hidden),
                (&mut *added, hidden),
                |_| (),
            );
            math::add(&mut x, added);
            let norm = linear::numbers(file, &layer.last_norm);
            normalised(&x, &mut normal, norm, epsilon);
            shared(
                &layer.up,
                file,
                (&normal, hidden),
                (&mut widened, wide),
                gelu,
            );
            shared(
                &layer.down,
                file,
                (&widened, wide),
                (&mut *added, hidden),
                |_| (),
            );
            math::add(&mut x, added);
        }
        let [weight, bias] = linear::numbers(file, &self.norm);
        for row in x.chunks_exact_mut(hidden) {
            math::normalise(row, weight, bias, epsilon);
        }
        Ok(x)
    }
}

/// A product whose rows are shared out over the threads; each row of the input begins `stride` behind the one before.
pub(super) fn shared(
    linear: &Linear,
    file: &Prepared,
    (x, stride): (&[f32], usize),
    (into, outputs): (&mut [f32], usize),
    finish: impl Fn(&mut Lane) + Copy + Sync + Send,
) {
    let rows = into.len() / outputs;
    let part = rows.div_ceil(rayon::current_num_threads()).max(1);
    into.par_chunks_mut(part * outputs)
        .enumerate()
        .for_each(|(number, into)| {
            let rows = into.len() / outputs;
            let from = &x[number * part * stride..];
            linear.apply_to(file, (from, stride, rows), into, finish);
        });
}

fn normalised(x: &[f32], into: &mut [f32], [weight, bias]: [&[f32]; 2], epsilon: f32) {
    into.copy_from_slice(x);
    for row in into.chunks_exact_mut(weight.len()) {
        math::normalise(row, weight, bias, epsilon);
    }
}

/// The probability of one token.
fn probability(logits: &[f32], token: u32) -> f32 {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|x| (x - most).exp()).sum();
    logits
        .get(token as usize)
        .map_or(0.0, |x| (x - most).exp() / sum)
}

/// A model that lost its way says the same thing over and over: how many tokens stay when they are said once, where
/// the end is the third time of the same (the sixth of a single token).
fn without_repetition(tokens: &[u32]) -> Option<usize> {
    (1..=tokens.len() / 3).find_map(|length| {
        let times = if length == 1 { 6 } else { 3 };
        let start = tokens.len().checked_sub(length * times)?;
        let (first, rest) = tokens[start..].split_at(length);
        let is_same = rest.chunks_exact(length).all(|again| again == first);
        is_same.then_some(start + length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_over_and_over_is_said_once() {
        assert_eq!(without_repetition(&[1, 2, 3, 2, 3]), None);
        assert_eq!(without_repetition(&[1, 2, 3, 2, 3, 2, 3]), Some(3));
        assert_eq!(without_repetition(&[9, 9, 9]), None, "no, no, no");
        assert_eq!(without_repetition(&[5, 9, 9, 9, 9, 9, 9]), Some(2));
        assert_eq!(without_repetition(&[]), None);
    }

    #[test]
    fn probabilities_are_those_of_softmax() {
        let logits = [0.0, 1.0, f32::NEG_INFINITY];
        let expected = 1.0f32.exp() / (1.0 + 1.0f32.exp());
        assert!((probability(&logits, 1) - expected).abs() < 1e-6);
        assert_eq!(probability(&logits, 2), 0.0);
        assert_eq!(probability(&logits, 7), 0.0);
    }
}
