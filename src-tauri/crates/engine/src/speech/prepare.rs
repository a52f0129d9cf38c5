//! Makes the prepared file of a Whisper from the three files its publisher gives: the encoder in panels, since it
//! computes hundreds of rows at a time, the decoder in blocks of bytes, since it computes one.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use crate::arithmetic::product::PANEL;
use crate::lm::tokens::byte_level::bytes_of_characters;
use crate::local::linear::BLOCK;
use crate::local::prepare::{
    Weights, disk, read_json, sha256, write_blocks, write_linear, write_numbers, write_pair,
};
use crate::local::prepared::{Header, SpeechHeader, TokenizerKind, Writer};
use crate::models::PREPARED;

use super::mel::FRAMES;

/// The largest sizes that are taken: those of the largest Whisper, with room.
const MOST: usize = 1 << 17;

#[derive(Deserialize)]
struct Config {
    model_type: String,
    #[serde(default)]
    activation_function: Option<String>,
    d_model: usize,
    encoder_layers: usize,
    encoder_attention_heads: usize,
    encoder_ffn_dim: usize,
    decoder_layers: usize,
    decoder_attention_heads: usize,
    decoder_ffn_dim: usize,
    num_mel_bins: usize,
    max_source_positions: usize,
    max_target_positions: usize,
    vocab_size: usize,
    #[serde(default)]
    suppress_tokens: Option<Vec<u32>>,
    #[serde(default)]
    begin_suppress_tokens: Option<Vec<u32>>,
}

#[derive(Deserialize)]
struct TokenizerFile {
    added_tokens: Vec<AddedToken>,
    model: Model,
}

#[derive(Deserialize)]
struct AddedToken {
    id: u32,
    content: String,
}

#[derive(Deserialize)]
struct Model {
    vocab: HashMap<String, u32>,
}

/// Prepares the model in `folder`. Crash safe: the file appears whole or not at all.
pub(super) fn prepare(name: &str, folder: &Path) -> Result<(), String> {
    let config: Config = read_json(&folder.join("config.json"))?;
    check(&config)?;
    let weights_path = folder.join("model.safetensors");
    let revision = sha256(&weights_path)?;
    let weights = Weights::open(&weights_path)?;
    // The name is this process's own: two programs preparing one folder do not meet.
    let temporary = folder.join(format!("{PREPARED}.{}.part", std::process::id()));
    let mut writer = Writer::new(&temporary).map_err(disk)?;
    let made = write_encoder(&config, &weights, &mut writer)
        .and_then(|()| write_decoder(&config, &weights, &mut writer))
        .and_then(|()| write_words(&config, &folder.join("tokenizer.json"), &mut writer));
    let speech = match made {
        Ok(speech) => speech,
        Err(why) => {
            // Where it cannot be removed it is overwritten by the next try.
            let _ = std::fs::remove_file(&temporary);
            return Err(why);
        }
    };
    let header = Header {
        key: format!("{name}@{}", &revision[..12]),
        hidden: config.d_model,
        layers: config.encoder_layers,
        heads: config.encoder_attention_heads,
        intermediate: config.encoder_ffn_dim,
        vocabulary: config.vocab_size,
        positions: config.max_source_positions,
        epsilon: 1e-5,
        tokenizer: TokenizerKind::Speech(speech),
        sections: Default::default(),
    };
    writer
        .finish(header, &temporary, &folder.join(PREPARED))
        .map_err(disk)
}

fn check(config: &Config) -> Result<(), String> {
    let is_gelu = config
        .activation_function
        .as_deref()
        .is_none_or(|name| name == "gelu");
    if config.model_type != "whisper" || !is_gelu {
        return Err("config.json describes a model that is not Whisper with GELU".to_owned());
    }
    let sizes = [
        config.d_model,
        config.encoder_layers,
        config.encoder_attention_heads,
        config.encoder_ffn_dim,
        config.decoder_layers,
        config.decoder_attention_heads,
        config.decoder_ffn_dim,
        config.num_mel_bins,
        config.max_target_positions,
        config.vocab_size,
    ];
    let is_possible = sizes.iter().all(|size| (1..=MOST).contains(size));
    let divides = |heads: usize| {
        config.d_model.is_multiple_of(heads) && (config.d_model / heads).is_multiple_of(PANEL)
    };
    let is_even = is_possible
        && divides(config.encoder_attention_heads)
        && divides(config.decoder_attention_heads)
        && config.d_model.is_multiple_of(BLOCK)
        && config.encoder_ffn_dim.is_multiple_of(BLOCK)
        && config.decoder_ffn_dim == config.encoder_ffn_dim
        && config.num_mel_bins.is_multiple_of(PANEL)
        && config.max_source_positions * 2 == FRAMES;
    match is_even {
        true => Ok(()),
        false => Err("config.json gives sizes that no Whisper has".to_owned()),
    }
}

fn write_encoder(config: &Config, weights: &Weights, writer: &mut Writer) -> Result<(), String> {
    let (hidden, wide) = (config.d_model, config.encoder_ffn_dim);
    for (name, inputs) in [("conv1", config.num_mel_bins), ("conv2", hidden)] {
        let [weight, bias] = weights.pair(&format!("model.encoder.{name}"), hidden, inputs * 3)?;
        // As published: for each output and input three numbers, one for each neighbour. Rows of three neighbours lie
        // behind each other where it is used.
        let mut turned = Vec::with_capacity(weight.len());
        for of_output in weight.chunks_exact(inputs * 3) {
            for neighbour in 0..3 {
                turned.extend((0..inputs).map(|input| of_output[input * 3 + neighbour]));
            }
        }
        write_linear(writer, name, &[turned, bias])?;
    }
    let positions = weights.numbers(
        "model.encoder.embed_positions.weight",
        config.max_source_positions * hidden,
    )?;
    write_numbers(writer, "positions", &positions)?;
    write_pair(
        writer,
        "norm",
        &weights.pair("model.encoder.layer_norm", hidden, 1)?,
    )?;
    for number in 0..config.encoder_layers {
        let layer = format!("model.encoder.layers.{number}");
        let qkv = attention(
            weights,
            &format!("{layer}.self_attn"),
            hidden,
            config.encoder_attention_heads,
        )?;
        write_linear(writer, &format!("{number}.qkv"), &qkv)?;
        for (to, from, rows, columns) in [
            ("out", "self_attn.out_proj", hidden, hidden),
            ("up", "fc1", wide, hidden),
            ("down", "fc2", hidden, wide),
        ] {
            let pair = weights.pair(&format!("{layer}.{from}"), rows, columns)?;
            write_linear(writer, &format!("{number}.{to}"), &pair)?;
        }
        for (to, from) in [
            ("first_norm", "self_attn_layer_norm"),
            ("last_norm", "final_layer_norm"),
        ] {
            let pair = weights.pair(&format!("{layer}.{from}"), hidden, 1)?;
            write_pair(writer, &format!("{number}.{to}"), &pair)?;
        }
    }
    Ok(())
}

/// Query, key and value in one. Attention divides by the square root of a head's width; the query takes it over. Keys
/// have no bias.
fn attention(
    weights: &Weights,
    name: &str,
    hidden: usize,
    heads: usize,
) -> Result<[Vec<f32>; 2], String> {
    let scale = 1.0 / ((hidden / heads) as f32).sqrt();
    let mut qkv = weights.pair(&format!("{name}.q_proj"), hidden, hidden)?;
    qkv.iter_mut().flatten().for_each(|x| *x *= scale);
    let [keys, values] = keys_and_values(weights, name, hidden)?;
    qkv[0].extend(keys);
    qkv[1].extend(values);
    Ok(qkv)
}

/// The weights of keys and values, and their bias.
fn keys_and_values(weights: &Weights, name: &str, hidden: usize) -> Result<[Vec<f32>; 2], String> {
    let mut weight = weights.numbers(&format!("{name}.k_proj.weight"), hidden * hidden)?;
    let [values, of_values] = weights.pair(&format!("{name}.v_proj"), hidden, hidden)?;
    weight.extend(values);
    let mut bias = vec![0.0; hidden];
    bias.extend(of_values);
    Ok([weight, bias])
}

fn write_decoder(config: &Config, weights: &Weights, writer: &mut Writer) -> Result<(), String> {
    let (hidden, wide) = (config.d_model, config.decoder_ffn_dim);
    let tokens = (
        "model.decoder.embed_tokens.weight",
        [config.vocab_size, hidden],
    );
    write_blocks(writer, "d.tokens", weights, tokens)?;
    let positions = weights.numbers(
        "model.decoder.embed_positions.weight",
        config.max_target_positions * hidden,
    )?;
    write_numbers(writer, "d.positions", &positions)?;
    write_pair(
        writer,
        "d.norm",
        &weights.pair("model.decoder.layer_norm", hidden, 1)?,
    )?;
    let scale = 1.0 / ((hidden / config.decoder_attention_heads) as f32).sqrt();
    for number in 0..config.decoder_layers {
        let layer = format!("model.decoder.layers.{number}");
        for (to, from, rows, columns) in [
            ("q", "self_attn.q_proj", hidden, hidden),
            ("v", "self_attn.v_proj", hidden, hidden),
            ("out", "self_attn.out_proj", hidden, hidden),
            ("cross_q", "encoder_attn.q_proj", hidden, hidden),
            ("cross_out", "encoder_attn.out_proj", hidden, hidden),
            ("up", "fc1", wide, hidden),
            ("down", "fc2", hidden, wide),
        ] {
            let weight = format!("{layer}.{from}.weight");
            write_blocks(
                writer,
                &format!("d{number}.{to}.weight"),
                weights,
                (&weight, [rows, columns]),
            )?;
            let bias = weights.numbers(&format!("{layer}.{from}.bias"), rows)?;
            write_numbers(writer, &format!("d{number}.{to}.bias"), &bias)?;
        }
        let keys = format!("{layer}.self_attn.k_proj.weight");
        write_blocks(
            writer,
            &format!("d{number}.k.weight"),
            weights,
            (&keys, [hidden, hidden]),
        )?;
        write_numbers(writer, &format!("d{number}.k.bias"), &vec![0.0; hidden])?;
        // What was heard is compared with every token: its keys take the scale over.
        let [mut weight, bias] =
            keys_and_values(weights, &format!("{layer}.encoder_attn"), hidden)?;
        weight[..hidden * hidden]
            .iter_mut()
            .for_each(|x| *x *= scale);
        write_linear(writer, &format!("d{number}.cross_kv"), &[weight, bias])?;
        for (to, from) in [
            ("first_norm", "self_attn_layer_norm"),
            ("cross_norm", "encoder_attn_layer_norm"),
            ("last_norm", "final_layer_norm"),
        ] {
            let pair = weights.pair(&format!("{layer}.{from}"), hidden, 1)?;
            write_pair(writer, &format!("d{number}.{to}"), &pair)?;
        }
    }
    Ok(())
}

/// The bytes that each token stands for, and the tokens that mean something else.
fn write_words(config: &Config, path: &Path, writer: &mut Writer) -> Result<SpeechHeader, String> {
    let file: TokenizerFile = read_json(path)?;
    let bad = |what: &str| format!("tokenizer.json: {what} is not as in Whisper");
    let id = |contents: &[&str]| {
        let found = file
            .added_tokens
            .iter()
            .find(|token| contents.contains(&token.content.as_str()));
        found
            .map(|token| token.id)
            .filter(|id| (*id as usize) < config.vocab_size)
            .ok_or_else(|| bad(contents[0]))
    };
    let end = id(&["<|endoftext|>"])?;
    let bytes = bytes_of_characters();
    let mut words: Vec<Vec<u8>> = vec![Vec::new(); end as usize];
    for (word, id) in &file.model.vocab {
        let Some(place) = words.get_mut(*id as usize) else {
            continue;
        };
        let word: Option<Vec<u8>> = word.chars().map(|c| bytes.get(&c).copied()).collect();
        *place = word.ok_or_else(|| bad("a word"))?;
    }
    let mut offsets = vec![0u32];
    let mut text = Vec::new();
    for word in words {
        text.extend(word);
        offsets.push(u32::try_from(text.len()).map_err(|_| bad("the vocabulary"))?);
    }
    let write = |writer: &mut Writer, name: &str, bytes: &[u8]| {
        let begun = writer.begin(name);
        begun.and_then(|()| writer.write(bytes)).map_err(disk)
    };
    write(writer, "words.offsets", bytemuck::cast_slice(&offsets))?;
    write(writer, "words.text", &text)?;
    let start = id(&["<|startoftranscript|>"])?;
    let transcribe = id(&["<|transcribe|>"])?;
    // The languages stand between these two.
    let languages = file.added_tokens.iter().filter_map(|token| {
        let code = token.content.strip_prefix("<|")?.strip_suffix("|>")?;
        let is_language = (start + 1..transcribe).contains(&token.id) && code.len() <= 3;
        is_language.then(|| (code.to_owned(), token.id))
    });
    let languages: Vec<(String, u32)> = languages.collect();
    if languages.is_empty() {
        return Err(bad("no language"));
    }
    Ok(SpeechHeader {
        layers: config.decoder_layers,
        heads: config.decoder_attention_heads,
        longest: config.max_target_positions,
        bands: config.num_mel_bins,
        start,
        end,
        transcribe,
        no_times: id(&["<|notimestamps|>"])?,
        silence: id(&["<|nospeech|>", "<|nocaptions|>"])?,
        languages,
        never: config.suppress_tokens.clone().unwrap_or_default(),
        never_first: config
            .begin_suppress_tokens
            .clone()
            .unwrap_or_else(|| vec![220, end]),
    })
}
