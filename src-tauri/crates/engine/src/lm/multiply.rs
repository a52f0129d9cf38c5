//! Several matrices times the same numbers, shared out over the threads.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::ops::Range;

use crate::lm::kernels::{self, PANEL, Panel};
use crate::lm::quantised::Quantised;
use crate::lm::threads::Threads;
use crate::lm::weights::Matrix;

/// With fewer tokens a panel costs more to unpack than it saves.
const FEWEST_FOR_PANELS: usize = 4;
/// Parts for each thread, so that one that is interrupted does less and nobody waits long for it.
const PARTS_PER_THREAD: usize = 6;
/// A part of fewer bytes of weights costs more to hand over than to compute.
const SMALLEST_PART: usize = 32 << 10;

thread_local! {
    static ROOM: RefCell<Panel> = RefCell::default();
}

/// A matrix, and where its product goes: for each row of the input, `rows` numbers.
pub(super) struct Job<'a> {
    pub(super) matrix: &'a Matrix,
    pub(super) into: &'a mut [f32],
}

/// Columns of a result that one part alone writes.
pub(super) struct Strip<'a> {
    start: *mut f32,
    rows: usize,
    stride: usize,
    columns: Range<usize>,
    result: PhantomData<&'a mut [f32]>,
}

/// Computes all jobs. `file` are the bytes in which the matrices lie.
pub(super) fn multiply(threads: &Threads, file: &[u8], input: &Quantised, jobs: &mut [Job<'_>]) {
    let tokens = input.rows();
    let mut parts = Vec::new();
    for job in jobs.iter_mut() {
        let matrix = job.matrix;
        assert_eq!(
            job.into.len(),
            matrix.rows * tokens,
            "a product has its size"
        );
        let whole_bytes = matrix.row_bytes() * matrix.rows;
        let most = (whole_bytes / SMALLEST_PART).clamp(1, threads.count() * PARTS_PER_THREAD);
        let height = match threads.count() {
            1 => matrix.rows,
            _ => matrix.rows.div_ceil(most).next_multiple_of(PANEL),
        };
        let start = Start(job.into.as_mut_ptr());
        for first in (0..matrix.rows).step_by(height) {
            let columns = first..(first + height).min(matrix.rows);
            parts.push((matrix, start, columns));
        }
    }
    threads.each(parts.len(), |number| {
        let (matrix, start, columns) = &parts[number];
        #[expect(
            unsafe_code,
            reason = "threads write different columns of the same rows"
        )]
        // SAFETY: `start` is the beginning of `tokens * matrix.rows` floats that `jobs` borrows mutably until
        // all parts are done. The column ranges of a matrix's parts do not overlap, each part runs once, and
        // every matrix has a result of its own, so no two strips share a float.
        let mut strip = unsafe { Strip::new(*start, tokens, matrix.rows, columns.clone()) };
        part(matrix, file, input, &mut strip);
    });
}

fn part(matrix: &Matrix, file: &[u8], input: &Quantised, strip: &mut Strip<'_>) {
    let use_panels = input.rows() >= FEWEST_FOR_PANELS && kernels::has_panels(matrix.format);
    if use_panels {
        return ROOM.with_borrow_mut(|panel| {
            for first in strip.columns.clone().step_by(PANEL) {
                let rows = first..(first + PANEL).min(strip.columns.end);
                panel.fill(matrix.format, matrix.bytes(file, rows), matrix.columns);
                kernels::panel(panel, input, strip, first);
            }
        });
    }
    let rows = matrix.bytes(file, strip.columns.clone());
    for token in 0..input.rows() {
        kernels::rows(matrix.format, rows, input.row(token), strip.row(token));
    }
}

#[derive(Clone, Copy)]
struct Start(*mut f32);

#[expect(
    unsafe_code,
    reason = "the address of a result goes to the threads that fill it"
)]
// SAFETY: the address alone does nothing; whoever makes a `Strip` of it answers for what is written.
unsafe impl Send for Start {}
#[expect(
    unsafe_code,
    reason = "the address of a result goes to the threads that fill it"
)]
// SAFETY: as for `Send`.
unsafe impl Sync for Start {}

#[cfg(test)]
impl Strip<'_> {
    /// For tests: all columns of a result.
    pub(super) fn with_all(result: &mut [f32], rows: usize, work: impl FnOnce(&mut Strip<'_>)) {
        let columns = result.len() / rows;
        #[expect(unsafe_code, reason = "as in `multiply`, with one strip alone")]
        // SAFETY: the result is borrowed mutably until `work` is done, and there is one strip.
        let mut strip =
            unsafe { Strip::new(Start(result.as_mut_ptr()), rows, columns, 0..columns) };
        work(&mut strip);
    }
}

impl Strip<'_> {
    /// # Safety
    /// At `start` lie `rows * stride` floats for as long as the strip lives, `columns` ends within `stride`, and
    /// nobody else reads or writes those columns meanwhile.
    #[expect(
        unsafe_code,
        reason = "threads write different columns of the same rows"
    )]
    unsafe fn new(start: Start, rows: usize, stride: usize, columns: Range<usize>) -> Self {
        assert!(columns.start <= columns.end && columns.end <= stride);
        Strip {
            start: start.0,
            rows,
            stride,
            columns,
            result: PhantomData,
        }
    }

    /// Writes numbers of a row, from column `at` of the whole result.
    #[inline]
    pub(super) fn write(&mut self, row: usize, at: usize, numbers: &[f32]) {
        let from = at - self.columns.start;
        self.row(row)[from..from + numbers.len()].copy_from_slice(numbers);
    }

    /// The strip's part of a row.
    #[inline]
    fn row(&mut self, row: usize) -> &mut [f32] {
        assert!(row < self.rows, "a strip has as many rows as the input");
        #[expect(
            unsafe_code,
            reason = "threads write different columns of the same rows"
        )]
        // SAFETY: `new` was promised `rows * stride` floats, of which these lie in row `row`; nobody else
        // touches them, and `&mut self` keeps a second slice of them away.
        unsafe {
            let first = self.start.add(row * self.stride + self.columns.start);
            std::slice::from_raw_parts_mut(first, self.columns.len())
        }
    }
}
