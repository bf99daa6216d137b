//! Streams that are worked on whether or not their reader takes what comes.

use std::panic::AssertUnwindSafe;

use futures::{FutureExt as _, Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tracing::Instrument as _;

/// What [`ahead`] gives.
pub type Ahead<T> = ReceiverStream<Result<T, Status>>;

/// The same stream, worked on in a task of its own, one message ahead of its reader.
///
/// An answer is worked on only while there is room for it on the connection. One that is in the middle of a statement then
/// would keep its connection to the database until its reader reads on: a handful of readers who do not would have all there
/// are. Here it stands still between two messages alone, where it holds nothing.
pub fn ahead<T: Send + 'static, E: Into<Status> + Send + 'static>(
    stream: impl Stream<Item = Result<T, E>> + Send + 'static,
) -> Ahead<T> {
    // At once: what is made of it here is moved some times, and a stream of big futures would fill the stack.
    let mut stream = Box::pin(stream);
    let (messages, read) = mpsc::channel(1);
    let work = {
        let messages = messages.clone();
        async move {
            loop {
                let message = tokio::select! {
                    // Whoever read it is gone.
                    () = messages.closed() => return,
                    message = stream.next() => message,
                };
                let Some(message) = message else { return };
                if messages.send(message.map_err(Into::into)).await.is_err() {
                    return;
                }
            }
        }
    };
    let work = async move {
        if AssertUnwindSafe(work).catch_unwind().await.is_err() {
            // A stream that merely ended would pass for whole.
            let _ = messages.send(Err(Status::internal("the stream broke"))).await;
        }
    };
    tokio::spawn(work.in_current_span());
    ReceiverStream::new(read)
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use async_stream::stream;
    use tokio::sync::Semaphore;

    use super::*;

    async fn soon<T>(what: impl Future<Output = T>) -> T {
        tokio::time::timeout(Duration::from_secs(20), what).await.expect("it to come soon")
    }

    #[tokio::test]
    async fn who_does_not_read_holds_nothing_and_gets_everything_later() {
        let connections = Arc::new(Semaphore::new(1));
        let only = connections.clone();
        let mut told = ahead(stream! {
            for number in 0..3 {
                let held = only.acquire().await.expect("a connection");
                tokio::task::yield_now().await;
                drop(held);
                yield Ok::<_, Status>(number);
            }
        });
        assert_eq!(told.next().await.expect("a message").expect("no error"), 0);
        // It looks for more, and not again for long.
        assert!(told.next().now_or_never().is_none());
        drop(soon(connections.acquire()).await);
        for number in 1..3 {
            assert_eq!(told.next().await.expect("a message").expect("no error"), number);
        }
        assert!(told.next().await.is_none());
    }

    #[tokio::test]
    async fn a_stream_that_breaks_does_not_pass_for_one_that_ended() {
        let mut told = ahead(stream! {
            yield Ok::<_, Status>(1);
            panic!("it breaks");
        });
        assert_eq!(told.next().await.expect("a message").expect("no error"), 1);
        assert_eq!(told.next().await.expect("an end").expect_err("not a good one").code(), tonic::Code::Internal);
    }

    #[tokio::test]
    async fn who_is_gone_ends_the_work() {
        let working = Arc::new(());
        let seen = Arc::downgrade(&working);
        let told = ahead(stream! {
            let _working = working;
            yield Ok::<_, Status>(1);
            std::future::pending::<()>().await;
        });
        drop(told);
        soon(async {
            while seen.strong_count() > 0 {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }
}
