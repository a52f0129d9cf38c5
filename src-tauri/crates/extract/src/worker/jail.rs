//! What the child may still do: compute, read standard input, write standard output (security.md C6).
//!
//! Linux: 512 MiB above its address space at start, no core dump, no new file descriptors, and a list of
//! system calls without files, sockets, processes. Elsewhere there is no lock yet; the parent's limit on
//! time holds everywhere.

use std::io;

/// Locks this process in for good.
#[cfg(target_os = "linux")]
pub(crate) fn lock() -> io::Result<()> {
    linux::limit_resources()?;
    linux::limit_calls().map_err(io::Error::other)
}

/// Locks this process in for good.
#[cfg(not(target_os = "linux"))]
pub(crate) fn lock() -> io::Result<()> {
    Ok(())
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;
    use std::env::consts::ARCH;
    use std::{fs, io};

    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

    /// What the child may take above its address space at start, in bytes.
    const MEMORY: u64 = 512 << 20;

    pub(super) fn limit_resources() -> io::Result<()> {
        set_limit(Resource::As, address_space()? + MEMORY)?;
        set_limit(Resource::Core, 0)?;
        // The three standard streams are open; nothing else will be.
        set_limit(Resource::Nofile, 3)?;
        set_limit(Resource::Fsize, 0)?;
        Ok(set_dumpable_behavior(DumpableBehavior::NotDumpable)?)
    }

    pub(super) fn limit_calls() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let allowed = allowed_calls().into_iter().map(|call| (call, Vec::new()));
        let filter = SeccompFilter::new(
            BTreeMap::from_iter(allowed),
            // As if the call did not exist or were forbidden: libraries cope, attackers get nothing.
            SeccompAction::Errno(libc::EPERM as u32),
            SeccompAction::Allow,
            ARCH.try_into()?,
        )?;
        let program: BpfProgram = filter.try_into()?;
        seccompiler::apply_filter(&program)?;
        Ok(())
    }

    /// Memory, the two pipes, time, the end. No call that names a file, a socket or another process.
    fn allowed_calls() -> Vec<libc::c_long> {
        vec![
            libc::SYS_read,
            libc::SYS_readv,
            libc::SYS_write,
            libc::SYS_writev,
            libc::SYS_close,
            libc::SYS_fstat,
            libc::SYS_lseek,
            libc::SYS_ppoll,
            libc::SYS_mmap,
            libc::SYS_munmap,
            libc::SYS_mremap,
            libc::SYS_mprotect,
            libc::SYS_madvise,
            libc::SYS_brk,
            libc::SYS_futex,
            libc::SYS_getrandom,
            libc::SYS_clock_gettime,
            libc::SYS_clock_nanosleep,
            libc::SYS_gettimeofday,
            libc::SYS_sched_yield,
            libc::SYS_sched_getaffinity,
            libc::SYS_getpid,
            libc::SYS_gettid,
            libc::SYS_rt_sigaction,
            libc::SYS_rt_sigprocmask,
            libc::SYS_rt_sigreturn,
            libc::SYS_sigaltstack,
            libc::SYS_restart_syscall,
            // To end by abort(): a signal to this process itself.
            libc::SYS_tgkill,
            libc::SYS_exit,
            libc::SYS_exit_group,
        ]
    }

    fn set_limit(resource: Resource, bytes: u64) -> io::Result<()> {
        let limit = Rlimit {
            current: Some(bytes),
            maximum: Some(bytes),
        };
        Ok(setrlimit(resource, limit)?)
    }

    /// Bytes of address space in use: the first number of `statm`, in pages (proc_pid_statm(5)).
    fn address_space() -> io::Result<u64> {
        let statm = fs::read_to_string("/proc/self/statm")?;
        let pages = statm
            .split_whitespace()
            .next()
            .and_then(|pages| pages.parse::<u64>().ok());
        let pages = pages.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
        Ok(pages * rustix::param::page_size() as u64)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs::File;
    use std::net::TcpListener;
    use std::process::Command;
    use std::thread;

    #[test]
    fn files_sockets_and_programs_are_out_of_reach() {
        // The filter holds for the thread that puts it on.
        let reached = thread::spawn(|| {
            super::linux::limit_calls().unwrap();
            [
                File::open("/etc/hostname").is_ok(),
                File::create("/tmp/chatai-extract-jail").is_ok(),
                TcpListener::bind("127.0.0.1:0").is_ok(),
                Command::new("/bin/true").spawn().is_ok(),
            ]
        });
        assert_eq!(reached.join().unwrap(), [false; 4]);
    }
}
