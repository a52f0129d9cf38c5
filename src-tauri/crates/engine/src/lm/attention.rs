//! Attention over a cache: each query head with the keys and values of its group, up to its own position.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Mutex;

use half::f16;
use half::slice::HalfFloatSliceExt as _;

use crate::arithmetic::math;
use crate::arithmetic::product::{self, Lane, Left, PANEL, Right};
use crate::lm::cache::Cache;
use crate::lm::threads::Threads;

/// Queries that are compared with the keys at a time.
const TOGETHER: usize = 24;
/// Keys that are unpacked at a time for a single query.
const UNPACKED: usize = 32;
/// With fewer queries than this the keys are not worth laying out in panels.
const FEWEST_FOR_PANELS: usize = 4;
/// Products below which a second thread is not worth waking.
const WORTH_SHARING: usize = 64 << 10;

/// The sizes of the heads of a layer.
#[derive(Clone, Copy)]
pub(super) struct Heads {
    pub(super) queries: usize,
    pub(super) keys: usize,
    /// Numbers of a head.
    pub(super) width: usize,
    /// What a query is multiplied by.
    pub(super) scale: f32,
    /// How many tokens back a query sees, itself counted; `None` for all.
    pub(super) window: Option<usize>,
}

/// Memory that is used again for each layer.
#[derive(Default)]
pub(super) struct Desk {
    panels: Vec<Panels>,
}

/// Keys and values of one head as f32, laid out for products.
#[derive(Default)]
struct Panels {
    wide: Vec<f32>,
    keys: Vec<Lane>,
    values: Vec<Lane>,
}

thread_local! {
    static LIKENESS: RefCell<Vec<f32>> = RefCell::default();
}

/// What the last `count` tokens of the cache make of its values. `queries` has `heads.queries * heads.width` numbers
/// for each of them, and so has `into`.
pub(super) fn attend(
    threads: &Threads,
    heads: Heads,
    (cache, layer): (&Cache, usize),
    queries: &[f32],
    into: &mut [f32],
    desk: &mut Desk,
) {
    let stride = heads.queries * heads.width;
    let count = queries.len() / stride;
    let length = cache.keys(layer, 0).len() / heads.width;
    let start = length - count;
    if count < FEWEST_FOR_PANELS {
        let rows = queries
            .chunks_exact(stride)
            .zip(into.chunks_exact_mut(stride));
        for (number, (queries, into)) in rows.enumerate() {
            let seen = seen(heads, start + number);
            one(threads, heads, (cache, layer), seen, queries, into);
        }
        return;
    }
    let first = seen(heads, start).start / PANEL * PANEL;
    lay_out(threads, heads, (cache, layer), first..length, desk);
    let panels = &desk.panels;
    let group = heads.queries / heads.keys;
    // Each part is some queries of all heads, so that its results lie together.
    let parts: Vec<_> = queries
        .chunks(TOGETHER * stride)
        .zip(into.chunks_mut(TOGETHER * stride))
        .map(Mutex::new)
        .collect();
    threads.each(parts.len(), |number| {
        let mut part = parts[number]
            .lock()
            .unwrap_or_else(|broken| broken.into_inner());
        let (queries, into) = &mut *part;
        for head in 0..heads.queries {
            let position = start + number * TOGETHER;
            let at = head * heads.width;
            let panels = &panels[head / group];
            some(
                heads,
                panels,
                first..length,
                position,
                (&queries[at..], &mut into[at..], stride),
            );
        }
    });
}

/// The positions that a query at `position` sees.
fn seen(heads: Heads, position: usize) -> Range<usize> {
    let first = match heads.window {
        Some(window) => (position + 1).saturating_sub(window),
        None => 0,
    };
    first..position + 1
}

/// One query of each head.
fn one(
    threads: &Threads,
    heads: Heads,
    (cache, layer): (&Cache, usize),
    seen: Range<usize>,
    queries: &[f32],
    into: &mut [f32],
) {
    let group = heads.queries / heads.keys * heads.width;
    let parts: Vec<_> = queries
        .chunks_exact(group)
        .zip(into.chunks_exact_mut(group))
        .map(Mutex::new)
        .collect();
    let of_head = |number: usize| {
        let mut part = parts[number]
            .lock()
            .unwrap_or_else(|broken| broken.into_inner());
        let (queries, into) = &mut *part;
        let places = seen.start * heads.width..seen.end * heads.width;
        let keys = &cache.keys(layer, number)[places.clone()];
        let values = &cache.values(layer, number)[places];
        LIKENESS.with_borrow_mut(|likeness| {
            of_group(heads, (keys, values), queries, into, likeness);
        });
    };
    match seen.len() * queries.len() < WORTH_SHARING {
        true => (0..heads.keys).for_each(of_head),
        false => threads.each(heads.keys, of_head),
    }
}

/// The queries of one group of heads, which share keys and values.
fn of_group(
    heads: Heads,
    (keys, values): (&[f16], &[f16]),
    queries: &[f32],
    into: &mut [f32],
    room: &mut Vec<f32>,
) {
    let (width, block) = (heads.width, UNPACKED * heads.width);
    let length = keys.len() / width;
    let group = queries.len() / width;
    room.clear();
    room.resize(block + group * length, 0.0);
    let (wide, likeness) = room.split_at_mut(block);
    for (number, keys) in keys.chunks(block).enumerate() {
        let wide = &mut wide[..keys.len()];
        keys.convert_to_f32_slice(wide);
        for (query, likeness) in queries
            .chunks_exact(width)
            .zip(likeness.chunks_exact_mut(length))
        {
            let places = likeness[number * UNPACKED..].iter_mut();
            for (key, place) in wide.chunks_exact(width).zip(places) {
                *place = math::dot(query, key) * heads.scale;
            }
        }
    }
    into.fill(0.0);
    let mut shares = Vec::with_capacity(group);
    for likeness in likeness.chunks_exact_mut(length) {
        shares.push(math::exponentials(likeness));
    }
    for (number, values) in values.chunks(block).enumerate() {
        let wide = &mut wide[..values.len()];
        values.convert_to_f32_slice(wide);
        for (into, likeness) in into
            .chunks_exact_mut(width)
            .zip(likeness.chunks_exact(length))
        {
            let likeness = &likeness[number * UNPACKED..];
            for (value, likeness) in wide.chunks_exact(width).zip(likeness) {
                math::add_scaled(into, value, *likeness);
            }
        }
    }
    for (into, share) in into.chunks_exact_mut(width).zip(shares) {
        for x in into {
            *x *= share;
        }
    }
}

/// Unpacks the keys and values of all heads of a layer at some positions.
fn lay_out(
    threads: &Threads,
    heads: Heads,
    (cache, layer): (&Cache, usize),
    positions: Range<usize>,
    desk: &mut Desk,
) {
    let (width, count) = (heads.width, positions.len());
    desk.panels.resize_with(heads.keys, Panels::default);
    let panels: Vec<_> = desk.panels.iter_mut().map(Mutex::new).collect();
    threads.each(heads.keys, |head| {
        let mut panels = panels[head]
            .lock()
            .unwrap_or_else(|broken| broken.into_inner());
        let Panels { wide, keys, values } = &mut **panels;
        let places = positions.start * width..positions.end * width;
        wide.resize(count * width, 0.0);
        cache.keys(layer, head)[places.clone()].convert_to_f32_slice(wide);
        product::panels(width, count, keys, |row, column| wide[column * width + row]);
        cache.values(layer, head)[places].convert_to_f32_slice(wide);
        product::panels(count, width, values, |row, column| {
            wide[row * width + column]
        });
    });
}

/// Up to [`TOGETHER`] queries of one head, the first of them at `position`.
fn some(
    heads: Heads,
    panels: &Panels,
    positions: Range<usize>,
    position: usize,
    (queries, into, stride): (&[f32], &mut [f32], usize),
) {
    let width = heads.width;
    let count = queries.len().div_ceil(stride);
    let first = seen(heads, position).start / PANEL * PANEL;
    let depth = position + count - first;
    let skipped = first - positions.start;
    let row = depth.next_multiple_of(PANEL);
    LIKENESS.with_borrow_mut(|likeness| {
        if likeness.len() < TOGETHER * row {
            likeness.resize(TOGETHER * row, 0.0);
        }
        let query = Left {
            numbers: queries,
            stride,
            rows: count,
            depth: width,
        };
        let keys = Right {
            lanes: &panels.keys[skipped / PANEL * width..][..row / PANEL * width],
            stride: width,
        };
        product::multiply(query, keys, &[], (likeness, row), |_| ());
        let mut shares = [0.0; TOGETHER];
        for (number, likeness) in likeness.chunks_exact_mut(row).take(count).enumerate() {
            let seen = seen(heads, position + number);
            let seen = seen.start.max(first) - first..seen.end - first;
            likeness[..seen.start].fill(0.0);
            likeness[seen.end..].fill(0.0);
            let likeness = &mut likeness[seen];
            for x in likeness.iter_mut() {
                *x *= heads.scale;
            }
            shares[number] = math::exponentials(likeness);
        }
        let likeness = Left {
            numbers: likeness,
            stride: row,
            rows: count,
            depth,
        };
        let values = Right {
            lanes: &panels.values[skipped..],
            stride: positions.len(),
        };
        product::multiply(likeness, values, &[], (into, stride), |_| ());
        for (into, share) in into.chunks_mut(stride).zip(shares) {
            for x in &mut into[..width] {
                *x *= share;
            }
        }
    });
}
