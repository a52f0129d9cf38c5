//! What was recorded, as the model hears it: one channel of numbers, from Ogg with Opus (voice messages) or Vorbis,
//! MP3, AAC in MP4 or by itself, and WAV.
//!
//! Everything here comes from strangers. The decoders are Rust, the one of Opus without any `unsafe`; how long a
//! recording may be is held while it is decoded, so that no header makes memory; and a decoder that panics is an error
//! of its file.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use opus_decoder::OpusDecoder;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;

use super::resample::Resampler;
use super::{RATE, Stop};
use crate::models::speech::SpeechError;

/// Rates of recordings that are taken, in numbers a second.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=192_000;
/// Damaged packets in a row after which a recording counts as broken.
const MOST_DAMAGED: u32 = 50;

/// The numbers of a recording at [`RATE`], at most `most` of it.
pub(super) fn samples(
    recording: Vec<u8>,
    most: Duration,
    stop: &Stop,
) -> Result<Vec<f32>, SpeechError> {
    let most = (most.as_secs_f64() * f64::from(RATE)) as usize;
    catch_unwind(AssertUnwindSafe(|| decoded(recording, most, stop)))
        .unwrap_or(Err(SpeechError::NotAudio))
}

fn decoded(recording: Vec<u8>, most: usize, stop: &Stop) -> Result<Vec<f32>, SpeechError> {
    let unreadable = |_: Error| SpeechError::NotAudio;
    let source = MediaSourceStream::new(Box::new(Cursor::new(recording)), Default::default());
    let mut format = symphonia::default::get_probe()
        .probe(
            &Hint::new(),
            source,
            FormatOptions::default(),
            MetadataOptions::default(),
        )
        .map_err(unreadable)?;
    let track = format
        .default_track(TrackType::Audio)
        .ok_or(SpeechError::NotAudio)?;
    let id = track.id;
    let parameters = track.codec_params.as_ref().and_then(|all| all.audio());
    let mut decoder = Decoder::new(parameters.ok_or(SpeechError::NotAudio)?)?;
    let mut samples = Vec::new();
    let mut damaged = 0;
    loop {
        stop.check()?;
        let packet = match format.next_packet() {
            Ok(Some(packet)) if packet.track_id == id => packet,
            Ok(Some(_)) => continue,
            // A recording that was cut off is heard as far as it goes, and the next one of a chain is another.
            Ok(None) | Err(Error::IoError(_) | Error::ResetRequired) => break,
            Err(_) => return Err(SpeechError::NotAudio),
        };
        match decoder.push(&packet, &mut samples) {
            Ok(()) => damaged = 0,
            Err(Damaged) if damaged < MOST_DAMAGED => damaged += 1,
            Err(Damaged) => return Err(SpeechError::NotAudio),
        }
        if samples.len() > most {
            return Err(SpeechError::TooLong);
        }
    }
    decoder.finish(&mut samples);
    match samples.is_empty() {
        true => Err(SpeechError::NotAudio),
        false => Ok(samples),
    }
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
    fn new(parameters: &AudioCodecParameters) -> Result<Decoder, SpeechError> {
        if parameters.codec == CODEC_ID_OPUS {
            // `OpusHead`: from byte 10 how much to skip, counted at 48 kHz (RFC 7845, 5.1).
            let head = parameters.extra_data.as_deref().unwrap_or_default();
            let skipped = match head.get(10..12) {
                Some([low, high]) => usize::from(u16::from_le_bytes([*low, *high])),
                _ => 0,
            };
            let decoder = OpusDecoder::new(RATE, 1).map_err(|_| SpeechError::NotAudio)?;
            return Ok(Decoder::Opus {
                room: vec![0.0; decoder.max_frame_size_per_channel()],
                decoder: Box::new(decoder),
                skipped: skipped * RATE as usize / 48_000,
            });
        }
        let decoder = symphonia::default::get_codecs()
            .make_audio_decoder(parameters, &AudioDecoderOptions::default())
            .map_err(|_| SpeechError::NotAudio)?;
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
    use std::sync::atomic::Ordering;

    use super::*;

    const MOST: Duration = Duration::from_secs(300);

    fn stop() -> Stop {
        Stop {
            caller: Default::default(),
            model: Default::default(),
        }
    }

    fn recording(name: &str) -> Vec<u8> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/speech");
        std::fs::read(folder.join(name)).unwrap()
    }

    fn decode(recording: Vec<u8>) -> Result<Vec<f32>, SpeechError> {
        samples(recording, MOST, &stop())
    }

    /// How loud each tenth of a second is, from the first that is not silent.
    fn loudness(samples: &[f32]) -> Vec<f32> {
        let of =
            |part: &[f32]| (part.iter().map(|x| x * x).sum::<f32>() / part.len() as f32).sqrt();
        let parts = samples.chunks_exact(RATE as usize / 10).map(of);
        parts.skip_while(|x| *x < 0.01).take(20).collect()
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
            &[0xff; 4_096],
        ] {
            assert_eq!(decode(junk.to_vec()), Err(SpeechError::NotAudio));
        }
        for name in ["voice.ogg", "voice.mp3", "voice.m4a", "voice.wav"] {
            let whole = recording(name);
            // Every cut, and every 97th byte flipped: an answer of either kind, and not more sound than there was.
            for at in (0..whole.len()).step_by(97) {
                let mut broken = whole.clone();
                broken[at] ^= 0x55;
                for damaged in [broken, whole[..at].to_vec()] {
                    if let Ok(samples) = decode(damaged) {
                        assert!(samples.len() < 400 * RATE as usize, "{name} {at}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_too_long_or_not_wanted_any_more_ends_at_once() {
        let short = Duration::from_secs(1);
        let too_long = samples(recording("voice.ogg"), short, &stop());
        assert_eq!(too_long, Err(SpeechError::TooLong));
        let stop = stop();
        stop.caller.store(true, Ordering::Relaxed);
        let cancelled = samples(recording("voice.ogg"), MOST, &stop);
        assert!(matches!(cancelled, Err(SpeechError::Engine(_))));
    }
}
