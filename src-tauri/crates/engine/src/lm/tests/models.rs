//! Every architecture with tiny random weights, against the formulas written down as plainly as they can be.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::atomic::AtomicBool;

use crate::lm::error::RunError;
use crate::lm::model::Model;
use crate::lm::session::Session;

use super::tiny::{self, HEAD, HEADS, HIDDEN, KEY_HEADS, LAYERS, WIDE, WINDOW};

const ARCHITECTURES: [&str; 5] = ["llama", "qwen2", "qwen3", "gemma3", "phi3"];
static GO: AtomicBool = AtomicBool::new(false);

fn open(architecture: &str, threads: usize) -> Model {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&tiny::model(architecture).bytes()).unwrap();
    Model::open(file.path(), threads, None).unwrap()
}

fn prompt(length: usize) -> Vec<u32> {
    (0..length as u32).map(|at| at * 73 % 256).collect()
}

fn assert_close(found: &[f32], expected: &[f32], most: f32, what: &str) {
    assert_eq!(found.len(), expected.len());
    let size = expected.iter().fold(1.0f32, |most, x| most.max(x.abs()));
    for (at, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= most * size, "{what}, {at}: {a} {b}");
    }
}

#[test]
fn every_architecture_computes_what_its_formulas_say() {
    for architecture in ARCHITECTURES {
        let weights = tiny::model(architecture).weights();
        for (length, threads) in [(1, 1), (3, 1), (29, 1), (29, 2)] {
            let mut model = open(architecture, threads);
            let tokens = prompt(length);
            let found = Session::new(&model).read(&mut model, &tokens, &GO).unwrap();
            let expected = reference(architecture, &weights, &tokens);
            // Keys and values are kept in half precision.
            assert_close(&found, &expected, 4e-3, &format!("{architecture} {length}"));
        }
    }
}

#[test]
fn a_cache_that_was_cut_or_forked_gives_what_a_fresh_run_gives() {
    for architecture in ARCHITECTURES {
        let mut model = open(architecture, 1);
        let (tokens, mut other) = (prompt(40), prompt(40));
        other[25..].fill(7);
        let fresh = Session::new(&model).read(&mut model, &other, &GO).unwrap();
        let mut session = Session::new(&model);
        session.read(&mut model, &tokens, &GO).unwrap();
        let mut forked = session.fork(25);
        assert_eq!(session.common(&other), 25);
        let cut = session.read(&mut model, &other, &GO).unwrap();
        let copied = forked.read(&mut model, &other, &GO).unwrap();
        let mut one_by_one = Session::new(&model);
        one_by_one.read(&mut model, &other[..30], &GO).unwrap();
        let mut last = Vec::new();
        for token in &other[30..] {
            last = one_by_one.push(&mut model, *token, &GO).unwrap();
        }
        for (found, what) in [(cut, "cut"), (copied, "fork"), (last, "one by one")] {
            assert_close(&found, &fresh, 1e-4, &format!("{architecture} {what}"));
        }
        assert_eq!(one_by_one.tokens(), other);
    }
}

#[test]
fn what_was_stopped_can_go_on() {
    let mut model = open("qwen2", 1);
    let tokens = prompt(20);
    let mut session = Session::new(&model);
    session.read(&mut model, &tokens[..10], &GO).unwrap();
    let stopped = session.read(&mut model, &tokens, &AtomicBool::new(true));
    assert_eq!(stopped, Err(RunError::Cancelled));
    assert_eq!(session.tokens(), &tokens[..10]);
    let found = session.read(&mut model, &tokens, &GO).unwrap();
    let fresh = Session::new(&model).read(&mut model, &tokens, &GO).unwrap();
    assert_close(&found, &fresh, 1e-4, "after a stop");
}

type Weights = BTreeMap<String, Vec<f32>>;

/// The logits after the last token, in f32, one token and one head at a time.
fn reference(architecture: &str, weights: &Weights, tokens: &[u32]) -> Vec<f32> {
    let is_gemma = architecture == "gemma3";
    let weight = |name: &str| &weights[name][..];
    let mut xs: Vec<Vec<f32>> = Vec::new();
    for token in tokens {
        let row = &weight("token_embd.weight")[*token as usize * HIDDEN..][..HIDDEN];
        let scale = if is_gemma {
            (HIDDEN as f32).sqrt()
        } else {
            1.0
        };
        xs.push(row.iter().map(|x| x * scale).collect());
    }
    for layer in 0..LAYERS {
        let of = |name: &str| weight_of(weights, layer, name);
        let is_local = is_gemma && (layer + 1) % 6 != 0;
        let base = if is_gemma && !is_local { 1e6 } else { 1e4 };
        let (mut queries, mut keys, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (position, x) in xs.iter().enumerate() {
            let x = norm(x, of("attn_norm.weight"));
            let [mut q, mut k, mut v] = match architecture {
                "phi3" => {
                    let all = times(of("attn_qkv.weight"), &x);
                    let (q, kv) = all.split_at(HEADS * HEAD);
                    let (k, v) = kv.split_at(KEY_HEADS * HEAD);
                    [q.to_vec(), k.to_vec(), v.to_vec()]
                }
                _ => ["attn_q.weight", "attn_k.weight", "attn_v.weight"].map(|n| times(of(n), &x)),
            };
            if architecture == "qwen2" {
                let names = ["attn_q.bias", "attn_k.bias", "attn_v.bias"];
                for (xs, name) in [&mut q, &mut k, &mut v].into_iter().zip(names) {
                    xs.iter_mut().zip(of(name)).for_each(|(x, b)| *x += b);
                }
            }
            for (xs, name) in [
                (&mut q, "attn_q_norm.weight"),
                (&mut k, "attn_k_norm.weight"),
            ] {
                for head in xs.chunks_exact_mut(HEAD) {
                    if matches!(architecture, "qwen3" | "gemma3") {
                        head.copy_from_slice(&norm(head, of(name)));
                    }
                    turn(head, position, base, architecture == "llama");
                }
            }
            queries.push(q);
            keys.push(k);
            values.push(v);
        }
        for (position, x) in xs.iter_mut().enumerate() {
            let mut mixed = vec![0.0; HEADS * HEAD];
            let first = if is_local {
                (position + 1).saturating_sub(WINDOW)
            } else {
                0
            };
            for head in 0..HEADS {
                let group = head / (HEADS / KEY_HEADS) * HEAD;
                let query = &queries[position][head * HEAD..][..HEAD];
                let likeness: Vec<f32> = (first..=position)
                    .map(|at| sum(query, &keys[at][group..][..HEAD]) / (HEAD as f32).sqrt())
                    .map(f32::exp)
                    .collect();
                let all: f32 = likeness.iter().sum();
                for (at, likeness) in (first..=position).zip(likeness) {
                    for number in 0..HEAD {
                        mixed[head * HEAD + number] += likeness / all * values[at][group + number];
                    }
                }
            }
            let mut added = times(of("attn_output.weight"), &mixed);
            if is_gemma {
                added = norm(&added, of("post_attention_norm.weight"));
            }
            x.iter_mut().zip(added).for_each(|(x, y)| *x += y);
            let normal = norm(x, of("ffn_norm.weight"));
            let (gate, up) = match architecture {
                "phi3" => {
                    let both = times(of("ffn_up.weight"), &normal);
                    (both[..WIDE].to_vec(), both[WIDE..].to_vec())
                }
                _ => (
                    times(of("ffn_gate.weight"), &normal),
                    times(of("ffn_up.weight"), &normal),
                ),
            };
            let opened: Vec<f32> = gate
                .iter()
                .zip(up)
                .map(|(x, up)| match is_gemma {
                    true => {
                        let z = 0.797_884_6 * (x + 0.044_715 * x.powi(3));
                        0.5 * x * (1.0 + z.tanh()) * up
                    }
                    false => x / (1.0 + (-x).exp()) * up,
                })
                .collect();
            let mut added = times(of("ffn_down.weight"), &opened);
            if is_gemma {
                added = norm(&added, of("post_ffw_norm.weight"));
            }
            x.iter_mut().zip(added).for_each(|(x, y)| *x += y);
        }
    }
    let last = norm(&xs[xs.len() - 1], weight("output_norm.weight"));
    let output = weights
        .get("output.weight")
        .unwrap_or(&weights["token_embd.weight"]);
    times(output, &last)
}

fn weight_of<'w>(weights: &'w Weights, layer: usize, name: &str) -> &'w [f32] {
    &weights[&format!("blk.{layer}.{name}")]
}

fn norm(x: &[f32], weight: &[f32]) -> Vec<f32> {
    let scale = 1.0 / (sum(x, x) / x.len() as f32 + 1e-5).sqrt();
    x.iter().zip(weight).map(|(x, w)| x * scale * w).collect()
}

fn times(matrix: &[f32], x: &[f32]) -> Vec<f32> {
    matrix
        .chunks_exact(x.len())
        .map(|row| sum(row, x))
        .collect()
}

fn sum(x: &[f32], y: &[f32]) -> f32 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

fn turn(head: &mut [f32], position: usize, base: f32, neighbours: bool) {
    let half = head.len() / 2;
    for pair in 0..half {
        let angle = position as f32 / base.powf(2.0 * pair as f32 / head.len() as f32);
        let (a, b) = if neighbours {
            (2 * pair, 2 * pair + 1)
        } else {
            (pair, pair + half)
        };
        let (x, y) = (head[a], head[b]);
        head[a] = x * angle.cos() - y * angle.sin();
        head[b] = x * angle.sin() + y * angle.cos();
    }
}
