//! Reads a Whisper as CTranslate2 keeps it (its binary format, version 6) and writes what a publisher would give:
//! config.json and model.safetensors (f16), the names as in the original checkpoint.
//!
//! The file: a version; the name and revision of the kind of model; then the variables, each with its name, sizes, kind
//! and bytes. Queries, keys and values lie in one matrix. Not here: running a model.

use std::collections::HashMap;
use std::path::Path;

use half::f16;
use serde_json::{Value, json};

use super::tensors::Tensors;

/// Kinds of numbers in the file.
const F32: u8 = 0;
const F16: u8 = 4;
/// Numbers of an attention head in every published Whisper.
const HEAD: usize = 64;

/// Converts the file, with CTranslate2's own configuration, into two files in `into`.
pub(super) fn convert(bytes: &[u8], settings: &[u8], into: &Path) -> Result<(), String> {
    let settings: Value = serde_json::from_slice(settings).map_err(|error| error.to_string())?;
    let file = File::read(bytes).ok_or("the file of weights is cut off")?;
    let mut out = Tensors::default();
    let config = file.whisper(&settings, &mut out)?;
    let text = serde_json::to_string(&config).map_err(|error| error.to_string())?;
    let weights = out.finish().ok_or("the weights cannot be written")?;
    std::fs::write(into.join("config.json"), text)
        .and_then(|()| std::fs::write(into.join("model.safetensors"), weights))
        .map_err(|error| error.to_string())
}

struct File<'a>(HashMap<&'a str, Variable<'a>>);

struct Variable<'a> {
    shape: Vec<usize>,
    kind: u8,
    bytes: &'a [u8],
}

/// A matrix or a row of numbers.
struct Part {
    shape: Vec<usize>,
    numbers: Vec<f16>,
}

impl<'a> File<'a> {
    fn read(bytes: &'a [u8]) -> Option<File<'a>> {
        let mut at = Cursor(bytes);
        at.number()?; // version of the format
        at.text()?; // kind of model
        at.number()?; // its revision
        let mut variables = HashMap::new();
        for _ in 0..at.number()? {
            let name = at.text()?;
            let [rank] = *at.take(1)?.first_chunk()?;
            let shape = (0..rank).map(|_| at.number().map(|size| size as usize));
            let shape = shape.collect::<Option<_>>()?;
            let [kind] = *at.take(1)?.first_chunk()?;
            let length = at.number()? as usize;
            let bytes = at.take(length)?;
            variables.insert(name, Variable { shape, kind, bytes });
        }
        Some(File(variables))
    }

    fn part(&self, name: &str) -> Result<Part, String> {
        let variable = self
            .0
            .get(name)
            .ok_or_else(|| format!("{name} is missing"))?;
        let numbers: Vec<f16> = match variable.kind {
            F16 => {
                let (pairs, _) = variable.bytes.as_chunks::<2>();
                pairs.iter().map(|pair| f16::from_le_bytes(*pair)).collect()
            }
            F32 => {
                let (fours, _) = variable.bytes.as_chunks::<4>();
                let wide = fours.iter().map(|four| f32::from_le_bytes(*four));
                wide.map(f16::from_f32).collect()
            }
            kind => return Err(format!("{name} has numbers of the kind {kind}")),
        };
        match numbers.len() == variable.shape.iter().product::<usize>() {
            true => Ok(Part {
                shape: variable.shape.clone(),
                numbers,
            }),
            false => Err(format!("{name} is cut off")),
        }
    }

    /// Adds all tensors, and gives the configuration.
    fn whisper(&self, settings: &Value, out: &mut Tensors) -> Result<Value, String> {
        let mut layers = [0, 0];
        for (side, count) in ["encoder", "decoder"].into_iter().zip(&mut layers) {
            let to = format!("model.{side}");
            let positions = self.part(&format!("{side}/position_encodings/encodings"))?;
            out.add(
                &format!("{to}.embed_positions.weight"),
                &positions.shape,
                positions.numbers,
            );
            self.norm(
                out,
                &format!("{side}/layer_norm"),
                &format!("{to}.layer_norm"),
            )?;
            if side == "encoder" {
                for conv in ["conv1", "conv2"] {
                    self.pair(out, &format!("encoder/{conv}"), &format!("{to}.{conv}"))?;
                }
            } else {
                let tokens = self.part("decoder/embeddings/weight")?;
                out.add(
                    &format!("{to}.embed_tokens.weight"),
                    &tokens.shape,
                    tokens.numbers,
                );
            }
            while self
                .0
                .contains_key(format!("{side}/layer_{count}/ffn/linear_0/weight").as_str())
            {
                self.layer(out, side, *count)?;
                *count += 1;
            }
        }
        let rows = |name: &str, at: usize| {
            let variable = self.0.get(name);
            variable.and_then(|variable| variable.shape.get(at).copied())
        };
        let hidden = rows("encoder/layer_norm/gamma", 0).ok_or("the size is missing")?;
        Ok(json!({
            "architectures": ["WhisperForConditionalGeneration"], "model_type": "whisper",
            "activation_function": "gelu", "d_model": hidden,
            "num_mel_bins": rows("encoder/conv1/weight", 1),
            "max_source_positions": rows("encoder/position_encodings/encodings", 0),
            "max_target_positions": rows("decoder/position_encodings/encodings", 0),
            "vocab_size": rows("decoder/embeddings/weight", 0),
            "encoder_layers": layers[0], "decoder_layers": layers[1],
            "encoder_attention_heads": hidden / HEAD, "decoder_attention_heads": hidden / HEAD,
            "encoder_ffn_dim": 4 * hidden, "decoder_ffn_dim": 4 * hidden,
            "suppress_tokens": settings.get("suppress_ids"),
            "begin_suppress_tokens": settings.get("suppress_ids_begin"),
        }))
    }

    fn layer(&self, out: &mut Tensors, side: &str, number: usize) -> Result<(), String> {
        let (from, to) = (
            format!("{side}/layer_{number}"),
            format!("model.{side}.layers.{number}"),
        );
        let own = (
            format!("{from}/self_attention/linear_0"),
            format!("{to}.self_attn"),
        );
        self.split(out, &own.0, &own.1, &["q_proj", "k_proj", "v_proj"])?;
        let output = format!("{from}/self_attention/linear_1");
        self.pair(out, &output, &format!("{to}.self_attn.out_proj"))?;
        let norm = format!("{from}/self_attention/layer_norm");
        self.norm(out, &norm, &format!("{to}.self_attn_layer_norm"))?;
        if side == "decoder" {
            let across = format!("{to}.encoder_attn");
            let name = |part: &str| format!("{from}/attention/{part}");
            self.split(out, &name("linear_0"), &across, &["q_proj"])?;
            self.split(out, &name("linear_1"), &across, &["k_proj", "v_proj"])?;
            self.pair(out, &name("linear_2"), &format!("{across}.out_proj"))?;
            self.norm(
                out,
                &name("layer_norm"),
                &format!("{to}.encoder_attn_layer_norm"),
            )?;
        }
        self.pair(out, &format!("{from}/ffn/linear_0"), &format!("{to}.fc1"))?;
        self.pair(out, &format!("{from}/ffn/linear_1"), &format!("{to}.fc2"))?;
        let norm = format!("{from}/ffn/layer_norm");
        self.norm(out, &norm, &format!("{to}.final_layer_norm"))
    }

    /// One matrix becomes several of as many rows. Keys have no bias.
    fn split(&self, out: &mut Tensors, from: &str, to: &str, parts: &[&str]) -> Result<(), String> {
        let weight = self.part(&format!("{from}/weight"))?;
        let bias = self.part(&format!("{from}/bias"))?;
        let columns = weight.shape.get(1).copied().unwrap_or_default();
        let rows = bias.numbers.len() / parts.len();
        for (number, part) in parts.iter().enumerate() {
            let numbers = weight
                .numbers
                .get(number * rows * columns..(number + 1) * rows * columns);
            let numbers = numbers.ok_or_else(|| format!("{from} has too few rows"))?;
            out.add(
                &format!("{to}.{part}.weight"),
                &[rows, columns],
                numbers.to_vec(),
            );
            if *part != "k_proj" {
                let numbers = bias.numbers[number * rows..(number + 1) * rows].to_vec();
                out.add(&format!("{to}.{part}.bias"), &[rows], numbers);
            }
        }
        Ok(())
    }

    fn pair(&self, out: &mut Tensors, from: &str, to: &str) -> Result<(), String> {
        self.renamed(out, (from, to), ["weight", "bias"])
    }

    fn norm(&self, out: &mut Tensors, from: &str, to: &str) -> Result<(), String> {
        self.renamed(out, (from, to), ["gamma", "beta"])
    }

    fn renamed(
        &self,
        out: &mut Tensors,
        (from, to): (&str, &str),
        names: [&str; 2],
    ) -> Result<(), String> {
        for (name, part) in names.into_iter().zip(["weight", "bias"]) {
            let found = self.part(&format!("{from}/{name}"))?;
            out.add(&format!("{to}.{part}"), &found.shape, found.numbers);
        }
        Ok(())
    }
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(*self.take(4)?.first_chunk::<4>()?))
    }

    /// Its length with the zero at its end, then both.
    fn text(&mut self) -> Option<&'a str> {
        let length = u16::from_le_bytes(*self.take(2)?.first_chunk::<2>()?);
        let bytes = self.take(usize::from(length))?;
        std::str::from_utf8(bytes.strip_suffix(&[0])?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Vec<u8> {
        let length = u16::try_from(text.len() + 1).unwrap();
        [&length.to_le_bytes()[..], text.as_bytes(), &[0]].concat()
    }

    fn variable(name: &str, shape: &[u32], numbers: &[f32]) -> Vec<u8> {
        let mut bytes = text(name);
        bytes.push(u8::try_from(shape.len()).unwrap());
        bytes.extend(shape.iter().flat_map(|size| size.to_le_bytes()));
        bytes.push(F16);
        bytes.extend(u32::try_from(numbers.len() * 2).unwrap().to_le_bytes());
        bytes.extend(numbers.iter().flat_map(|x| f16::from_f32(*x).to_le_bytes()));
        bytes
    }

    #[test]
    fn one_matrix_becomes_query_key_and_value_and_keys_lose_their_bias() {
        let file = [
            &6u32.to_le_bytes()[..],
            &text("WhisperSpec"),
            &3u32.to_le_bytes(),
            &2u32.to_le_bytes(),
            &variable("a/weight", &[3, 1], &[1.0, 2.0, 3.0]),
            &variable("a/bias", &[3], &[4.0, 0.0, 5.0]),
        ]
        .concat();
        let read = File::read(&file).unwrap();
        let mut out = Tensors::default();
        read.split(&mut out, "a", "b", &["q_proj", "k_proj", "v_proj"])
            .unwrap();
        let made = out.finish().unwrap();
        let length = u64::from_le_bytes(*made.first_chunk().unwrap()) as usize;
        let header: Value = serde_json::from_slice(&made[8..8 + length]).unwrap();
        let mut names: Vec<&String> = header.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(
            names,
            [
                "b.k_proj.weight",
                "b.q_proj.bias",
                "b.q_proj.weight",
                "b.v_proj.bias",
                "b.v_proj.weight"
            ]
        );
        assert!(File::read(&file[..file.len() - 1]).is_none());
    }
}
