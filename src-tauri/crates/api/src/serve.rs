//! Listening: connections that take nothing any more, or say nothing any more, are cut; there are no more of
//! them than there is room for; and stopping does not wait for open streams.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, Sleep, sleep, timeout};

/// A connection that takes no byte for so long has gone.
const STALLED: Duration = Duration::from_secs(60);
/// A connection on which nothing moves for so long is not kept. Streams have a heartbeat.
const QUIET: Duration = Duration::from_secs(300);
/// How long requests in hand may take once the server stops.
const GRACE: Duration = Duration::from_secs(3);

/// Serves `router` on every listener until `shutdown`; requests in hand have 3 seconds from then on. More than
/// `connections` at once wait to be taken.
pub async fn serve(
    listeners: Vec<TcpListener>,
    router: Router,
    connections: usize,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let stop = watch::Sender::new(false);
    let mut serving = JoinSet::new();
    let room = Arc::new(Semaphore::new(connections));
    for listener in listeners {
        let service = router.clone().into_make_service_with_connect_info::<Peer>();
        let mut stopped = stop.subscribe();
        let until = async move {
            // An error means that `stop` is gone: then it is time as well.
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        let patient = Patient {
            listener,
            room: Arc::clone(&room),
        };
        let server = axum::serve(patient, service).with_graceful_shutdown(until);
        serving.spawn(server.into_future());
    }
    tokio::select! {
        () = shutdown => {}
        Some(Ok(Err(error))) = serving.join_next() => return Err(error),
    }
    stop.send_replace(true);
    // Streams never end by themselves; their listeners come back with a cursor.
    let _ = timeout(GRACE, async {
        while serving.join_next().await.is_some() {}
    })
    .await;
    Ok(())
}

/// The other end of a connection, for `ConnectInfo`.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

impl Connected<IncomingStream<'_, Patient>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Patient>) -> Peer {
        Peer(*stream.remote_addr())
    }
}

/// A listener whose connections are cut when they stall, and that takes no more of them than it has room for.
struct Patient {
    listener: TcpListener,
    room: Arc<Semaphore>,
}

impl Listener for Patient {
    type Io = PatientStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (PatientStream, SocketAddr) {
        let Ok(place) = Arc::clone(&self.room).acquire_owned().await else {
            // Never closed; a listener that took nobody would be the right thing if it were.
            return std::future::pending().await;
        };
        let (stream, address) = Listener::accept(&mut self.listener).await;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot send small packets at once");
        }
        let stream = PatientStream {
            stream,
            stalled: None,
            quiet: Box::pin(sleep(QUIET)),
            moved: Instant::now(),
            _place: place,
        };
        (stream, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that fails once it has taken nothing for [`STALLED`], or nothing moved on it for [`QUIET`].
struct PatientStream {
    stream: TcpStream,
    stalled: Option<Pin<Box<Sleep>>>,
    quiet: Pin<Box<Sleep>>,
    moved: Instant,
    _place: OwnedSemaphorePermit,
}

impl PatientStream {
    fn watched<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            self.moved = Instant::now();
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(STALLED)));
        ready!(stalled.as_mut().poll(cx));
        stalled.as_mut().reset(Instant::now() + STALLED);
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for PatientStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if read.is_ready() {
            self.moved = Instant::now();
            return read;
        }
        while self.quiet.as_mut().poll(cx).is_ready() {
            let until = self.moved + QUIET;
            if until <= Instant::now() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.quiet.as_mut().reset(until);
        }
        Poll::Pending
    }
}

impl AsyncWrite for PatientStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watched(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.watched(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.watched(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
