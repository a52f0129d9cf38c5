//! Writes tiny GGUF files with random weights.

use std::collections::BTreeMap;

pub enum Value {
    Whole(u32),
    Fraction(f32),
    Text(String),
    Texts(Vec<String>),
    Wholes(Vec<u32>),
    Fractions(Vec<f32>),
}

#[derive(Default)]
pub struct File {
    pub keys: Vec<(String, Value)>,
    /// Names, dimensions (fastest first) and numbers, written as f32.
    pub tensors: Vec<(String, Vec<usize>, Vec<f32>)>,
}

impl File {
    pub fn key(&mut self, name: &str, value: Value) {
        self.keys.push((name.to_owned(), value));
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut out = b"GGUF".to_vec();
        out.extend(3u32.to_le_bytes());
        out.extend((self.tensors.len() as u64).to_le_bytes());
        out.extend((self.keys.len() as u64).to_le_bytes());
        for (name, value) in &self.keys {
            text(&mut out, name);
            match value {
                Value::Whole(number) => {
                    out.extend(4u32.to_le_bytes());
                    out.extend(number.to_le_bytes());
                }
                Value::Fraction(number) => {
                    out.extend(6u32.to_le_bytes());
                    out.extend(number.to_le_bytes());
                }
                Value::Text(value) => {
                    out.extend(8u32.to_le_bytes());
                    text(&mut out, value);
                }
                Value::Texts(values) => {
                    list(&mut out, 8, values.len());
                    values.iter().for_each(|value| text(&mut out, value));
                }
                Value::Wholes(values) => {
                    list(&mut out, 4, values.len());
                    values
                        .iter()
                        .for_each(|value| out.extend(value.to_le_bytes()));
                }
                Value::Fractions(values) => {
                    list(&mut out, 6, values.len());
                    values
                        .iter()
                        .for_each(|value| out.extend(value.to_le_bytes()));
                }
            }
        }
        let mut offset = 0u64;
        for (name, dimensions, numbers) in &self.tensors {
            text(&mut out, name);
            out.extend((dimensions.len() as u32).to_le_bytes());
            dimensions
                .iter()
                .for_each(|size| out.extend((*size as u64).to_le_bytes()));
            out.extend(0u32.to_le_bytes());
            out.extend(offset.to_le_bytes());
            offset += (numbers.len() as u64 * 4).next_multiple_of(32);
        }
        out.resize(out.len().next_multiple_of(32), 0);
        for (_, _, numbers) in &self.tensors {
            numbers
                .iter()
                .for_each(|number| out.extend(number.to_le_bytes()));
            out.resize(out.len().next_multiple_of(32), 0);
        }
        out
    }

    pub fn weights(&self) -> BTreeMap<String, Vec<f32>> {
        let pairs = self
            .tensors
            .iter()
            .map(|(name, _, numbers)| (name.clone(), numbers.clone()));
        pairs.collect()
    }
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.as_bytes());
}

fn list(out: &mut Vec<u8>, kind: u32, count: usize) {
    out.extend(9u32.to_le_bytes());
    out.extend(kind.to_le_bytes());
    out.extend((count as u64).to_le_bytes());
}

/// Sizes of every tiny model.
pub const HIDDEN: usize = 32;
pub const HEADS: usize = 4;
pub const KEY_HEADS: usize = 2;
pub const HEAD: usize = 16;
pub const WIDE: usize = 48;
pub const LAYERS: usize = 6;
pub const WINDOW: usize = 5;

/// A model of one architecture. Its tokens are the 256 bytes and `<|im_start|>`, `<|im_end|>`.
pub fn model(architecture: &str) -> File {
    let mut file = File::default();
    file.key("general.architecture", Value::Text(architecture.to_owned()));
    for (key, value) in [
        ("block_count", LAYERS),
        ("embedding_length", HIDDEN),
        ("feed_forward_length", WIDE),
        ("attention.head_count", HEADS),
        ("attention.head_count_kv", KEY_HEADS),
        ("attention.key_length", HEAD),
        ("attention.value_length", HEAD),
        ("rope.dimension_count", HEAD),
        ("context_length", 512),
    ] {
        file.key(&format!("{architecture}.{key}"), Value::Whole(value as u32));
    }
    file.key(
        &format!("{architecture}.attention.layer_norm_rms_epsilon"),
        Value::Fraction(1e-5),
    );
    if architecture == "gemma3" {
        file.key(
            "gemma3.attention.sliding_window",
            Value::Whole(WINDOW as u32),
        );
    }
    tokenizer(&mut file);
    let vocabulary = 258;
    let (queries, keys) = (HEADS * HEAD, KEY_HEADS * HEAD);
    let mut random = Random(architecture.len() as u64);
    let mut tensor = |name: String, rows: usize, columns: usize| {
        let is_norm = name.contains("norm");
        let middle = if is_norm { 1.0 } else { 0.0 };
        let numbers = (0..rows * columns)
            .map(|_| middle + 0.3 * random.number())
            .collect();
        let dimensions = if rows == 1 {
            vec![columns]
        } else {
            vec![columns, rows]
        };
        file.tensors.push((name, dimensions, numbers));
    };
    tensor("token_embd.weight".to_owned(), vocabulary, HIDDEN);
    tensor("output_norm.weight".to_owned(), 1, HIDDEN);
    if architecture != "llama" {
        tensor("output.weight".to_owned(), vocabulary, HIDDEN);
    }
    for layer in 0..LAYERS {
        let mut part = |name: &str, rows: usize, columns: usize| {
            tensor(format!("blk.{layer}.{name}"), rows, columns);
        };
        part("attn_norm.weight", 1, HIDDEN);
        part("ffn_norm.weight", 1, HIDDEN);
        part("attn_output.weight", HIDDEN, queries);
        part("ffn_down.weight", HIDDEN, WIDE);
        match architecture {
            "phi3" => {
                part("attn_qkv.weight", queries + 2 * keys, HIDDEN);
                part("ffn_up.weight", 2 * WIDE, HIDDEN);
            }
            _ => {
                part("attn_q.weight", queries, HIDDEN);
                part("attn_k.weight", keys, HIDDEN);
                part("attn_v.weight", keys, HIDDEN);
                part("ffn_gate.weight", WIDE, HIDDEN);
                part("ffn_up.weight", WIDE, HIDDEN);
            }
        }
        if architecture == "qwen2" {
            part("attn_q.bias", 1, queries);
            part("attn_k.bias", 1, keys);
            part("attn_v.bias", 1, keys);
        }
        if matches!(architecture, "qwen3" | "gemma3") {
            part("attn_q_norm.weight", 1, HEAD);
            part("attn_k_norm.weight", 1, HEAD);
        }
        if architecture == "gemma3" {
            part("post_attention_norm.weight", 1, HIDDEN);
            part("post_ffw_norm.weight", 1, HIDDEN);
        }
    }
    file
}

fn tokenizer(file: &mut File) {
    let mut next = 256;
    let mut texts: Vec<String> = Vec::new();
    for byte in 0..=255u8 {
        let printable = matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
        let character = match printable {
            true => char::from(byte),
            false => {
                next += 1;
                char::from_u32(next - 1).unwrap()
            }
        };
        texts.push(character.to_string());
    }
    texts.extend(["<|im_start|>", "<|im_end|>"].map(str::to_owned));
    let kinds = (0..258).map(|id| if id < 256 { 1 } else { 3 }).collect();
    file.key("tokenizer.ggml.model", Value::Text("gpt2".to_owned()));
    file.key("tokenizer.ggml.pre", Value::Text("smollm".to_owned()));
    file.key("tokenizer.ggml.tokens", Value::Texts(texts));
    file.key("tokenizer.ggml.token_type", Value::Wholes(kinds));
    file.key("tokenizer.ggml.merges", Value::Texts(Vec::new()));
    file.key("tokenizer.ggml.eos_token_id", Value::Whole(257));
}

pub struct Random(pub u64);

impl Random {
    /// -1..1.
    pub fn number(&mut self) -> f32 {
        (self.whole() >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }

    pub fn whole(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
}
