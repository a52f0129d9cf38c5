//! The program from outside: its commands, its exit codes, and being killed.

mod commands;
mod kill;
mod program;
