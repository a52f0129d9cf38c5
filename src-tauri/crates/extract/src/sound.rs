//! What was recorded -> sound: one channel of numbers, from Ogg with Opus (voice messages) or Vorbis, MP3, AAC in MP4 or
//! by itself, and WAV.
//!
//! Everything here comes from strangers, so it is read like documents are: in the child process. The decoders are Rust,
//! the one of Opus without any `unsafe`; how long a recording may be is held while it is decoded, so that no header
//! makes memory.

mod resample;

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use domain::document::ReadFailure;
use domain::sound::{RATE, Sound};
use opus_decoder::OpusDecoder;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;

use crate::limits;
use crate::sound::resample::Resampler;

/// Rates of recordings that are taken, in numbers a second.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=192_000;
/// Damaged packets in a row after which a recording counts as broken.
const MOST_DAMAGED: u32 = 50;

/// Decodes a recording in this process: no limit on time or memory, so only the child process and tests do it.
///
/// # Errors
/// `Unsupported` for what is no recording, `Damaged`, `TooLarge` when it is longer than `most`; a decoder that panics
/// is `ReaderStopped`.
pub fn sound(recording: Vec<u8>, most: Duration) -> Result<Sound, ReadFailure> {
    if recording.len() as u64 > limits::FILE_BYTES {
        return Err(ReadFailure::TooLarge);
    }
    let most = (most.as_secs_f64() * f64::from(RATE)) as usize;
    // The decoders share nothing with the caller, so nothing half-changed survives a panic.
    catch_unwind(AssertUnwindSafe(|| decoded(recording, most)))
        .unwrap_or(Err(ReadFailure::ReaderStopped))
}

fn decoded(recording: Vec<u8>, most: usize) -> Result<Sound, ReadFailure> {
    let unknown = |_: Error| ReadFailure::Unsupported;
    let source = MediaSourceStream::new(Box::new(Cursor::new(recording)), Default::default());
    let mut format = symphonia::default::get_probe()
        .probe(
            &Hint::new(),
            source,
            FormatOptions::default(),
            MetadataOptions::default(),
        )
        .map_err(unknown)?;
    let track = format
        .default_track(TrackType::Audio)
        .ok_or(ReadFailure::Unsupported)?;
    let id = track.id;
    let parameters = track.codec_params.as_ref().and_then(|all| all.audio());
    let mut decoder = Decoder::new(parameters.ok_or(ReadFailure::Unsupported)?)?;
    let mut samples = Vec::new();
    let mut damaged = 0;
    loop {
        let packet = match format.next_packet() {
            Ok(Some(packet)) if packet.track_id == id => packet,
            Ok(Some(_)) => continue,
            // A recording that was cut off is heard as far as it goes, and the next one of a chain is another.
            Ok(None) | Err(Error::IoError(_) | Error::ResetRequired) => break,
            Err(_) => return Err(ReadFailure::Damaged),
        };
        match decoder.push(&packet, &mut samples) {
            Ok(()) => damaged = 0,
            Err(Damaged) if damaged < MOST_DAMAGED => damaged += 1,
            Err(Damaged) => return Err(ReadFailure::Damaged),
        }
        if samples.len() > most {
            return Err(ReadFailure::TooLarge);
        }
    }
    decoder.finish(&mut samples);
    match samples.is_empty() {
        true => Err(ReadFailure::Empty),
        false => Ok(Sound {
            samples: samples.into_iter().map(whole).collect(),
        }),
    }
}

/// A number between -1 and 1 in 16 bits; what is louder is as loud as can be said.
fn whole(x: f32) -> i16 {
    (x * 32_768.0).round() as i16
}

/// A packet that cannot be decoded.
struct Damaged;

enum Decoder {
    /// It decodes at [`RATE`] by itself.
    Opus {
        decoder: Box<OpusDecoder>,
        room: Vec<f32>,
        /// Numbers at the beginning that only warm the decoder up.
        skipped: usize,
    },
    Other {
        decoder: Box<dyn AudioDecoder>,
        /// All channels side by side.
        room: Vec<f32>,
        resampler: Option<(u32, Resampler)>,
    },
}

impl Decoder {
    fn new(parameters: &AudioCodecParameters) -> Result<Decoder, ReadFailure> {
        if parameters.codec == CODEC_ID_OPUS {
            // `OpusHead`: from byte 10 how much to skip, counted at 48 kHz (RFC 7845, 5.1).
            let head = parameters.extra_data.as_deref().unwrap_or_default();
            let skipped = match head.get(10..12) {
                Some([low, high]) => usize::from(u16::from_le_bytes([*low, *high])),
                _ => 0,
            };
            let decoder = OpusDecoder::new(RATE, 1).map_err(|_| ReadFailure::Unsupported)?;
            return Ok(Decoder::Opus {
                room: vec![0.0; decoder.max_frame_size_per_channel()],
                decoder: Box::new(decoder),
                skipped: skipped * RATE as usize / 48_000,
            });
        }
        let decoder = symphonia::default::get_codecs()
            .make_audio_decoder(parameters, &AudioDecoderOptions::default())
            .map_err(|_| ReadFailure::Unsupported)?;
        Ok(Decoder::Other {
            decoder,
            room: Vec::new(),
            resampler: None,
        })
    }

    fn push(&mut self, packet: &Packet, into: &mut Vec<f32>) -> Result<(), Damaged> {
        match self {
            Decoder::Opus {
                decoder,
                room,
                skipped,
            } => {
                let decoded = decoder.decode_float(&packet.data, room, false);
                let count = decoded.map_err(|_| Damaged)?.min(room.len());
                let first = count.min(*skipped);
                *skipped -= first;
                into.extend_from_slice(&room[first..count]);
                Ok(())
            }
            Decoder::Other {
                decoder,
                room,
                resampler,
            } => {
                let buffer = decoder.decode(packet).map_err(|_| Damaged)?;
                let (rate, channels) = (buffer.spec().rate(), buffer.spec().channels().count());
                if !RATES.contains(&rate) || channels == 0 {
                    return Err(Damaged);
                }
                room.resize(buffer.samples_interleaved(), 0.0);
                buffer.copy_to_slice_interleaved(&mut room[..]);
                let mixed: Vec<f32> = room
                    .chunks_exact(channels)
                    .map(|frame| frame.iter().sum::<f32>() / channels as f32)
                    .collect();
                match resampler {
                    Some((of, resampler)) if *of == rate => resampler.push(&mixed, into),
                    other => {
                        if let Some((_, before)) = other.take() {
                            before.finish(into);
                        }
                        let (_, resampler) = other.insert((rate, Resampler::new(rate)));
                        resampler.push(&mixed, into);
                    }
                }
                Ok(())
            }
        }
    }

    fn finish(self, into: &mut Vec<f32>) {
        if let Decoder::Other {
            resampler: Some((_, resampler)),
            ..
        } = self
        {
            resampler.finish(into);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const MOST: Duration = Duration::from_secs(300);

    fn recording(name: &str) -> Vec<u8> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sound");
        std::fs::read(folder.join(name)).unwrap()
    }

    fn decode(recording: Vec<u8>) -> Result<Vec<f32>, ReadFailure> {
        let decoded = sound(recording, MOST)?;
        let wide = decoded.samples.iter().map(|x| f32::from(*x) / 32_768.0);
        Ok(wide.collect())
    }

    /// How loud each tenth of a second is, from where somebody begins to speak.
    fn loudness(samples: &[f32]) -> Vec<f32> {
        let of =
            |part: &[f32]| (part.iter().map(|x| x * x).sum::<f32>() / part.len() as f32).sqrt();
        let hundredth = RATE as usize / 100;
        let begin = samples.chunks(hundredth).position(|part| of(part) > 0.03);
        let spoken = &samples[begin.unwrap_or(0) * hundredth..];
        let parts = spoken.chunks_exact(10 * hundredth).map(of);
        parts.take(20).collect()
    }

    #[test]
    fn the_same_words_sound_the_same_in_every_format() {
        let opus = decode(recording("voice.ogg")).unwrap();
        let seconds = opus.len() as f32 / RATE as f32;
        assert!((2.5..3.1).contains(&seconds), "{seconds}");
        let expected = loudness(&opus);
        assert!(expected.iter().any(|x| *x > 0.05), "{expected:?}");
        for name in ["voice.mp3", "voice.m4a", "voice.wav"] {
            let found = decode(recording(name)).unwrap();
            assert!(
                found.len().abs_diff(opus.len()) < RATE as usize / 4,
                "{name}"
            );
            let found = loudness(&found);
            let product: f32 = found.iter().zip(&expected).map(|(a, b)| a * b).sum();
            let length = |xs: &[f32]| xs.iter().map(|x| x * x).sum::<f32>().sqrt();
            let likeness = product / length(&found) / length(&expected);
            assert!(likeness > 0.9, "{name}: {likeness} {found:?} {expected:?}");
        }
    }

    #[test]
    fn what_is_no_recording_is_an_error_and_never_a_panic() {
        for junk in [
            &b""[..],
            b"OggS",
            b"RIFF\xff\xff\xff\xffWAVEfmt ",
            b"%PDF-1.7\n",
            &[0xff; 4_096],
        ] {
            let refused = decode(junk.to_vec());
            let is_said = matches!(
                refused,
                Err(ReadFailure::Unsupported | ReadFailure::Damaged | ReadFailure::Empty)
            );
            assert!(is_said, "{refused:?}");
        }
        for name in ["voice.ogg", "voice.mp3", "voice.m4a", "voice.wav"] {
            let original = recording(name);
            // Cut, or a byte flipped, at a dozen places: an answer of either kind, and not more sound than there may be.
            for at in (0..original.len()).step_by(original.len() / 12) {
                let mut broken = original.clone();
                broken[at] ^= 0x55;
                for damaged in [broken, original[..at].to_vec()] {
                    match decode(damaged) {
                        Ok(samples) => assert!(samples.len() < 301 * RATE as usize, "{name} {at}"),
                        Err(failure) => {
                            assert_ne!(failure, ReadFailure::ReaderStopped, "{name} {at}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_longer_than_wanted_is_refused() {
        let short = Duration::from_secs(1);
        let refused = sound(recording("voice.ogg"), short);
        assert_eq!(refused, Err(ReadFailure::TooLarge));
    }
}
