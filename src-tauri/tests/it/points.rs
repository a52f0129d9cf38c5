//! Killed before a named system call (reliability.md R2): whatever the program was about to do to the disk,
//! the next start finds everything whole. A point is an operation, a call, and its place among such calls of
//! one thread.

use std::collections::BTreeSet;

use crate::operations::{Operation, operations};
use crate::rounds::{Chance, figure, is_full, rounds};
use crate::strace::{self, CALLS};

/// Points of one operation and one call.
const OF_A_CALL: u64 = 3;

#[test]
fn killed_before_any_write_it_finds_everything_whole() {
    if !strace::is_here() {
        return;
    }
    let operations = operations(|_| true);
    let mut points: Vec<(&Operation, usize, u64)> = Vec::new();
    for operation in &operations {
        for (call, most) in operation.calls.into_iter().enumerate() {
            let places = (0..OF_A_CALL).map(|at| 1 + at * most.saturating_sub(1) / (OF_A_CALL - 1));
            let places: BTreeSet<u64> = places.filter(|place| *place <= most).collect();
            points.extend(places.into_iter().map(|place| (operation, call, place)));
        }
    }
    let mut chance = Chance::told();
    if !is_full() {
        // A few of them, other ones each time.
        let few = (0..3).map(|_| points[chance.below(points.len() as u64) as usize]);
        points = few.collect();
    }
    let each = rounds(1, 5).min(5);
    let (mut reached, mut kills) = (0, 0_u64);
    for (operation, call, place) in &points {
        let name = format!("{}, {} number {place}", operation.name, CALLS[*call]);
        let mut met = 0;
        for _ in 0..each {
            let program = operation.prepared();
            let log = program.beside("strace.log");
            let ran = operation.done(&program, strace::killing(&log, CALLS[*call], *place));
            let complaint = ran.complaint();
            assert!(!complaint.contains("panicked"), "{name}: {complaint}");
            met += u64::from(strace::was_met(&log));
            operation.completed(&program, &name);
        }
        println!("{name}: met {met} of {each}");
        reached += u64::from(met > 0);
        kills += met;
    }
    if is_full() {
        assert!(reached >= 40, "only {reached} points were reached");
    }
    figure("R2", "operations", operations.len());
    figure("R2", "points", points.len());
    figure("R2", "points reached", reached);
    figure("R2", "kills", kills);
    figure(
        "R2",
        "after which something was lost, doubled or damaged",
        0,
    );
}
