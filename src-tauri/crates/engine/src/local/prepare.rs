//! Makes the prepared file of a model from the three files its publisher gives: weights laid out as they
//! are used, the token table in blocks of bytes, a Unigram vocabulary in its compact form.

use std::fs;
use std::io::Read;
use std::path::Path;

use base64::Engine as _;
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::safetensors::MmapedSafetensors;
use candle_core::{DType, Device, Tensor};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::charsmap::CharsMap;
use super::prepared::{Header, TokenizerKind, UnigramHeader, Writer};
use super::unigram;
use crate::arithmetic::product::{self, PANEL};
use crate::models::PREPARED;

/// Rows of the token table that are converted at a time.
const ROWS: usize = 4_096;

/// What a model is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It makes vectors of texts.
    Vectors,
    /// It says how well one text answers another.
    Scores,
}

/// Prepares the model in `folder`. Crash safe: the file appears whole or not at all.
pub(super) fn prepare(name: &str, folder: &Path, purpose: Purpose) -> Result<(), String> {
    let config: Config = read_json(&folder.join("config.json"))?;
    if config.model_type != "bert" || config.hidden_act != "gelu" {
        return Err("config.json describes a model that is not BERT with GELU".to_owned());
    }
    let is_even = config.num_attention_heads > 0
        && config
            .hidden_size
            .is_multiple_of(config.num_attention_heads)
        && (config.hidden_size / config.num_attention_heads).is_multiple_of(PANEL)
        && config.hidden_size.is_multiple_of(32)
        && config.intermediate_size.is_multiple_of(PANEL);
    if !is_even {
        return Err("config.json gives sizes that do not divide evenly".to_owned());
    }
    let weights_path = folder.join("model.safetensors");
    let revision = sha256(&weights_path)?;
    let weights = Weights::open(&weights_path)?;
    // The name is this process's own: two programs preparing one folder do not meet.
    let temporary = folder.join(format!("{PREPARED}.{}.part", std::process::id()));
    let mut writer = Writer::new(&temporary).map_err(disk)?;
    write_weights(&config, &weights, &mut writer)?;
    if purpose == Purpose::Scores {
        write_head(config.hidden_size, &weights, &mut writer)?;
    }
    let tokenizer = write_tokenizer(&folder.join("tokenizer.json"), &mut writer)?;
    let header = Header {
        key: format!("{name}@{}", &revision[..12]),
        hidden: config.hidden_size,
        layers: config.num_hidden_layers,
        heads: config.num_attention_heads,
        intermediate: config.intermediate_size,
        vocabulary: config.vocab_size,
        positions: config.max_position_embeddings,
        epsilon: config.layer_norm_eps,
        tokenizer,
        sections: Default::default(),
    };
    writer
        .finish(header, &temporary, &folder.join(PREPARED))
        .map_err(disk)
}

#[derive(Deserialize)]
struct Config {
    model_type: String,
    hidden_act: String,
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    intermediate_size: usize,
    vocab_size: usize,
    max_position_embeddings: usize,
    layer_norm_eps: f32,
}

/// The published weights, mapped.
pub(crate) struct Weights {
    file: MmapedSafetensors,
    prefix: &'static str,
}

impl Weights {
    #[expect(
        unsafe_code,
        reason = "mapping a file is unsafe: see the safety comment"
    )]
    pub(crate) fn open(path: &Path) -> Result<Weights, String> {
        // SAFETY: the file lies in the program's own folder and was renamed to its name when it was whole;
        // nobody writes to it.
        let file = unsafe { MmapedSafetensors::new(path) };
        let file = file.map_err(|error| format!("model.safetensors: {error}"))?;
        let prefix = match file.get("bert.embeddings.word_embeddings.weight") {
            Ok(_) => "bert.",
            Err(_) => "",
        };
        Ok(Weights { file, prefix })
    }

    /// The numbers of a tensor, of which there are `count`.
    pub(crate) fn numbers(&self, name: &str, count: usize) -> Result<Vec<f32>, String> {
        self.named(&format!("{}{name}", self.prefix), count)
    }

    /// The same by its whole name.
    fn named(&self, name: &str, count: usize) -> Result<Vec<f32>, String> {
        let tensor = self.file.load(name, &Device::Cpu);
        let numbers = tensor
            .and_then(|tensor| tensor.to_dtype(DType::F32)?.flatten_all()?.to_vec1::<f32>())
            .map_err(|error| format!("{name}: {error}"))?;
        match numbers.len() == count {
            true => Ok(numbers),
            false => Err(format!("{name} has {} numbers, not {count}", numbers.len())),
        }
    }

    /// What is added to the tokens of the first text, 0, or the second, 1.
    fn of_type(&self, number: usize) -> Result<Vec<f32>, String> {
        let name = format!("{}embeddings.token_type_embeddings.weight", self.prefix);
        let types = self.file.load(&name, &Device::Cpu);
        types
            .and_then(|types| types.to_dtype(DType::F32)?.get(number)?.to_vec1::<f32>())
            .map_err(|error| format!("token types: {error}"))
    }

    /// A weight with its bias.
    pub(crate) fn pair(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<[Vec<f32>; 2], String> {
        Ok([
            self.numbers(&format!("{name}.weight"), rows * columns)?,
            self.numbers(&format!("{name}.bias"), rows)?,
        ])
    }
}

fn write_weights(config: &Config, weights: &Weights, writer: &mut Writer) -> Result<(), String> {
    let (hidden, wide) = (config.hidden_size, config.intermediate_size);
    write_token_table(config, weights, writer)?;
    // The first text is of type 0, so its vector is added here once and for all.
    let mut positions = weights.numbers(
        "embeddings.position_embeddings.weight",
        config.max_position_embeddings * hidden,
    )?;
    let first = weights.of_type(0)?;
    for row in positions.chunks_exact_mut(hidden) {
        for (position, kind) in row.iter_mut().zip(&first) {
            *position += kind;
        }
    }
    write_numbers(writer, "positions", &positions)?;
    write_pair(
        writer,
        "norm",
        &weights.pair("embeddings.LayerNorm", hidden, 1)?,
    )?;
    // Attention divides by the square root of a head's width; the query's weights take it over.
    let scale = 1.0 / ((hidden / config.num_attention_heads) as f32).sqrt();
    for number in 0..config.num_hidden_layers {
        let layer = format!("encoder.layer.{number}");
        let mut qkv = weights.pair(&format!("{layer}.attention.self.query"), hidden, hidden)?;
        qkv.iter_mut().flatten().for_each(|x| *x *= scale);
        for part in ["key", "value"] {
            let more = weights.pair(&format!("{layer}.attention.self.{part}"), hidden, hidden)?;
            qkv[0].extend_from_slice(&more[0]);
            qkv[1].extend_from_slice(&more[1]);
        }
        write_linear(writer, &format!("{number}.qkv"), &qkv)?;
        for (to, from, rows, columns) in [
            ("out", "attention.output.dense", hidden, hidden),
            ("up", "intermediate.dense", wide, hidden),
            ("down", "output.dense", hidden, wide),
        ] {
            let pair = weights.pair(&format!("{layer}.{from}"), rows, columns)?;
            write_linear(writer, &format!("{number}.{to}"), &pair)?;
        }
        for (to, from) in [
            ("first_norm", "attention.output.LayerNorm"),
            ("last_norm", "output.LayerNorm"),
        ] {
            let pair = weights.pair(&format!("{layer}.{from}"), hidden, 1)?;
            write_pair(writer, &format!("{number}.{to}"), &pair)?;
        }
    }
    Ok(())
}

/// What stands above BERT where two texts are compared: what the second one's tokens have beside the first one's, the
/// pooler, and the weights of the one score.
fn write_head(hidden: usize, weights: &Weights, writer: &mut Writer) -> Result<(), String> {
    let mut second = weights.of_type(1)?;
    let first = weights.of_type(0)?;
    second
        .iter_mut()
        .zip(first)
        .for_each(|(of, first)| *of -= first);
    write_numbers(writer, "second", &second)?;
    let pooler = weights.pair("pooler.dense", hidden, hidden)?;
    write_linear(writer, "pooler", &pooler)?;
    let score = [
        weights.named("classifier.weight", hidden)?,
        weights.named("classifier.bias", 1)?,
    ];
    write_pair(writer, "score", &score)
}

fn write_token_table(
    config: &Config,
    weights: &Weights,
    writer: &mut Writer,
) -> Result<(), String> {
    let name = "embeddings.word_embeddings.weight";
    let shape = [config.vocab_size, config.hidden_size];
    write_blocks(writer, "tokens", weights, (name, shape))
}

/// A matrix as rows in blocks of bytes. It is converted a part at a time: tables of tokens are large.
pub(crate) fn write_blocks(
    writer: &mut Writer,
    to: &str,
    weights: &Weights,
    (name, shape): (&str, [usize; 2]),
) -> Result<(), String> {
    let name = format!("{}{name}", weights.prefix);
    let bad = |error: candle_core::Error| format!("{name}: {error}");
    let table = weights.file.get(&name).map_err(bad)?;
    if table.shape() != shape {
        return Err(format!("{name} has the shape {:?}", table.shape()));
    }
    let kind = DType::try_from(table.dtype()).map_err(bad)?;
    let row_bytes = shape[1] * kind.size_in_bytes();
    writer.begin(to).map_err(disk)?;
    for rows in table.data().chunks(ROWS * row_bytes) {
        let part = [rows.len() / row_bytes, shape[1]];
        let rows = Tensor::from_raw_buffer(rows, kind, &part, &Device::Cpu);
        let rows = rows
            .and_then(|rows| rows.to_dtype(DType::F32))
            .map_err(bad)?;
        let blocks = QTensor::quantize(&rows, GgmlDType::Q8_0).map_err(bad)?;
        writer.write(&blocks.data().map_err(bad)?).map_err(disk)?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct TokenizerFile {
    #[serde(default)]
    added_tokens: Vec<AddedToken>,
    #[serde(default)]
    normalizer: Value,
    #[serde(default)]
    pre_tokenizer: Value,
    model: Value,
}

#[derive(Deserialize)]
struct AddedToken {
    id: u32,
    content: String,
    lstrip: bool,
    rstrip: bool,
    single_word: bool,
}

fn write_tokenizer(path: &Path, writer: &mut Writer) -> Result<TokenizerKind, String> {
    let mut file: TokenizerFile = read_json(path)?;
    if file.model.get("type").and_then(Value::as_str) != Some("Unigram") {
        let bytes = fs::read(path).map_err(disk)?;
        tokenizers::Tokenizer::from_bytes(&bytes)
            .map_err(|error| format!("tokenizer.json: {error}"))?;
        writer.begin("tokenizer").map_err(disk)?;
        writer.write(&bytes).map_err(disk)?;
        return Ok(TokenizerKind::Whole);
    }
    let bad = |what: &str| format!("tokenizer.json: {what} is not as in XLM-RoBERTa");
    let charsmap = charsmap(&file.normalizer).ok_or_else(|| bad("the normaliser"))?;
    let splits = splits(&file.pre_tokenizer).ok_or_else(|| bad("the pre-tokenizer"))?;
    let unknown = file.model.get("unk_id").and_then(Value::as_u64);
    let falls_back = file.model.get("byte_fallback").and_then(Value::as_bool);
    let vocab = file
        .model
        .get_mut("vocab")
        .map(Value::take)
        .unwrap_or_default();
    let vocab: Vec<(String, f64)> =
        serde_json::from_value(vocab).map_err(|_| bad("the vocabulary"))?;
    let id = |content: &str| {
        let found = file
            .added_tokens
            .iter()
            .find(|token| token.content == content);
        found.map(|token| token.id).ok_or_else(|| bad(content))
    };
    let header = UnigramHeader {
        begin: id("<s>")?,
        end: id("</s>")?,
        unknown: unknown.ok_or_else(|| bad("the unknown token"))? as u32,
        least: vocab
            .iter()
            .map(|(_, score)| *score)
            .fold(f64::INFINITY, f64::min),
        splits,
        special: file
            .added_tokens
            .iter()
            .map(|token| (token.content.clone(), token.id, token.lstrip))
            .collect(),
    };
    let is_plain = file
        .added_tokens
        .iter()
        .all(|token| !token.rstrip && !token.single_word);
    if !is_plain || falls_back == Some(true) || vocab.is_empty() {
        return Err(bad("something"));
    }
    write_vocabulary(&vocab, &charsmap, writer)?;
    Ok(TokenizerKind::Unigram(header))
}

fn write_vocabulary(
    vocab: &[(String, f64)],
    charsmap: &[u8],
    writer: &mut Writer,
) -> Result<(), String> {
    let mut offsets = vec![0_u32];
    let mut text = Vec::new();
    let mut scores = Vec::with_capacity(vocab.len());
    let mut pieces = Vec::with_capacity(vocab.len());
    for (piece, score) in vocab {
        text.extend_from_slice(piece.as_bytes());
        offsets.push(text.len() as u32);
        scores.push(*score);
        pieces.push(piece.as_str());
    }
    let table = unigram::table(&pieces);
    let (trie, replaced) = match charsmap.is_empty() {
        true => (Vec::new(), &[][..]),
        false => CharsMap::split(charsmap).ok_or("tokenizer.json: the character map is damaged")?,
    };
    let mut part = |name: &str, bytes: &[u8]| {
        writer
            .begin(name)
            .and_then(|()| writer.write(bytes))
            .map_err(disk)
    };
    part("pieces.offsets", bytemuck::cast_slice(&offsets))?;
    part("pieces.text", &text)?;
    part("pieces.scores", bytemuck::cast_slice(&scores))?;
    part("pieces.table", bytemuck::cast_slice(&table))?;
    part("map.trie", bytemuck::cast_slice(&trie))?;
    part("map.text", replaced)
}

/// The character map of the normaliser, empty when it has none; `None` when it does more than white space
/// clean-up besides.
fn charsmap(normalizer: &Value) -> Option<Vec<u8>> {
    let one = std::slice::from_ref(normalizer);
    let steps = match kind(normalizer) {
        "Sequence" => normalizer.get("normalizers")?.as_array()?,
        "" if normalizer.is_null() => return Some(Vec::new()),
        _ => one,
    };
    let mut map = Vec::new();
    for step in steps {
        match kind(step) {
            "Precompiled" if map.is_empty() => {
                let coded = step.get("precompiled_charsmap")?.as_str()?;
                map = base64::engine::general_purpose::STANDARD
                    .decode(coded)
                    .ok()?;
            }
            "Replace" => {
                let pattern = step.pointer("/pattern/Regex")?.as_str()?;
                let content = step.get("content")?.as_str()?;
                (pattern == " {2,}" && content == " ").then_some(())?;
            }
            _ => return None,
        }
    }
    Some(map)
}

/// True when white space splits words before marks are set, false when marks alone do.
fn splits(pre_tokenizer: &Value) -> Option<bool> {
    let sets_marks = |step: &Value| {
        let always = step
            .get("prepend_scheme")
            .and_then(Value::as_str)
            .unwrap_or("always");
        let splits = step.get("split").and_then(Value::as_bool).unwrap_or(true);
        let prefix = step
            .get("add_prefix_space")
            .and_then(Value::as_bool)
            .unwrap_or(true);
        let mark = step.get("replacement").and_then(Value::as_str);
        kind(step) == "Metaspace" && always == "always" && splits && prefix && mark == Some("▁")
    };
    if kind(pre_tokenizer) != "Sequence" {
        return sets_marks(pre_tokenizer).then_some(false);
    }
    let steps = pre_tokenizer.get("pretokenizers")?.as_array()?;
    match &steps[..] {
        [first, second] if kind(first) == "WhitespaceSplit" && sets_marks(second) => Some(true),
        [only] if sets_marks(only) => Some(false),
        _ => None,
    }
}

fn kind(step: &Value) -> &str {
    step.get("type").and_then(Value::as_str).unwrap_or("")
}

pub(crate) fn write_pair(
    writer: &mut Writer,
    name: &str,
    pair: &[Vec<f32>; 2],
) -> Result<(), String> {
    write_numbers(writer, &format!("{name}.weight"), &pair[0])?;
    write_numbers(writer, &format!("{name}.bias"), &pair[1])
}

/// A weight with its bias, the weight in the panels that it is used in. As published it has a row for each
/// number of the result.
pub(crate) fn write_linear(
    writer: &mut Writer,
    name: &str,
    pair: &[Vec<f32>; 2],
) -> Result<(), String> {
    let [weight, bias] = pair;
    let depth = weight.len() / bias.len();
    let mut packed = Vec::with_capacity(weight.len() / PANEL);
    product::panels(depth, bias.len(), &mut packed, |row, column| {
        weight[column * depth + row]
    });
    write_numbers(writer, &format!("{name}.weight"), packed.as_flattened())?;
    write_numbers(writer, &format!("{name}.bias"), bias)
}

pub(crate) fn write_numbers(
    writer: &mut Writer,
    name: &str,
    numbers: &[f32],
) -> Result<(), String> {
    let begun = writer.begin(name);
    begun
        .and_then(|()| writer.write(bytemuck::cast_slice(numbers)))
        .map_err(disk)
}

pub(crate) fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let bytes = fs::read(path).map_err(|error| format!("{name}: {error}"))?;
    serde_json::from_slice(&bytes).map_err(|error| format!("{name}: {error}"))
}

pub(crate) fn sha256(path: &Path) -> Result<String, String> {
    let mut file = fs::File::open(path).map_err(disk)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer).map_err(disk)? {
            0 => return Ok(hex::encode(hash.finalize())),
            count => hash.update(&buffer[..count]),
        }
    }
}

pub(crate) fn disk(error: std::io::Error) -> String {
    format!("its files cannot be read or written: {error}")
}
