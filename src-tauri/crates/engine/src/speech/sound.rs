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
