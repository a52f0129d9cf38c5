//! Connections that can be cut: when a test orders it, when they were idle too long (T5), when the server ends.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use futures_util::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::world::World;

/// How often idle connections are looked for while nobody moves the world's time.
const LOOK: Duration = Duration::from_secs(1);

/// Cuts a connection.
#[derive(Clone)]
pub(super) struct Cut(Arc<Line>);

struct Line {
    cut: AtomicBool,
    last_ms: AtomicI64,
    reader: AtomicWaker,
    writer: AtomicWaker,
}

impl Cut {
    /// Both sides see the connection go; nothing more is sent.
    pub fn now(&self) {
        self.0.cut.store(true, Ordering::SeqCst);
        self.0.reader.wake();
        self.0.writer.wake();
    }

    fn is_cut(&self) -> bool {
        self.0.cut.load(Ordering::SeqCst)
    }
}

type Lines = Arc<Mutex<Vec<Weak<Line>>>>;

/// The listener.
pub(super) struct Gate {
    listener: TcpListener,
    world: World,
    lines: Lines,
}

impl Gate {
    pub fn new(listener: TcpListener, world: World, ended: watch::Receiver<bool>) -> Gate {
        let lines = Lines::default();
        tokio::spawn(watch_over(world.clone(), lines.clone(), ended));
        Gate {
            listener,
            world,
            lines,
        }
    }
}

async fn watch_over(world: World, lines: Lines, mut ended: watch::Receiver<bool>) {
    let mut moves = world.time_moves();
    loop {
        let over = tokio::select! {
            _ = moves.changed() => false,
            () = tokio::time::sleep(LOOK) => false,
            _ = ended.wait_for(|ended| *ended) => true,
        };
        let idle_ms = world.idle_ms();
        let now_ms = world.now_ms();
        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.retain(|line| {
            let Some(line) = line.upgrade() else {
                return false;
            };
            let idle = now_ms - line.last_ms.load(Ordering::SeqCst);
            if over || idle_ms.is_some_and(|most| idle >= most) {
                Cut(line).now();
            }
            true
        });
        if over {
            return;
        }
    }
}

impl Listener for Gate {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // Answers are small and awaited; a delay to gather more of them helps nobody.
        let _ = stream.set_nodelay(true);
        let line = Arc::new(Line {
            cut: AtomicBool::new(false),
            last_ms: AtomicI64::new(self.world.now_ms()),
            reader: AtomicWaker::new(),
            writer: AtomicWaker::new(),
        });
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(Arc::downgrade(&line));
        let wire = Wire {
            stream,
            cut: Cut(line),
            world: self.world.clone(),
        };
        (wire, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Connected<IncomingStream<'_, Gate>> for Cut {
    fn connect_info(stream: IncomingStream<'_, Gate>) -> Cut {
        stream.io().cut.clone()
    }
}

/// One connection.
pub(super) struct Wire {
    stream: TcpStream,
    cut: Cut,
    world: World,
}

impl Wire {
    fn used(&self) {
        let now_ms = self.world.now_ms();
        self.cut.0.last_ms.store(now_ms, Ordering::SeqCst);
    }

    fn gone() -> io::Error {
        io::Error::from(io::ErrorKind::ConnectionReset)
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.cut.0.reader.register(context.waker());
        if self.cut.is_cut() {
            return Poll::Ready(Err(Wire::gone()));
        }
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() {
            self.used();
        }
        read
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.cut.0.writer.register(context.waker());
        if self.cut.is_cut() {
            return Poll::Ready(Err(Wire::gone()));
        }
        self.used();
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
