//! One look for all who want to know the same at the same moment.
//!
//! When an event comes, everybody who watches asks the same of the database at once. Nothing is kept here: whoever asks gets what was
//! read after he asked, never before. So those who come while a look is under way wait for the next one, which serves all of them. And
//! so whoever looks must not stand still in the middle: an answer that is a stream is worked on ahead of its reader.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// Who looks at what, and who waits for it.
pub struct Looks<K: Eq + Hash + Clone, V>(Arc<Mutex<Lines<K, V>>>);

/// For each thing that somebody looks at: those who asked since.
type Lines<K, V> = HashMap<K, Vec<oneshot::Sender<Turn<K, V>>>>;

/// What one who waits is told.
enum Turn<K: Eq + Hash + Clone, V> {
    /// What there is to know.
    Seen(V),
    /// That it is up to him now.
    Look(Looking<K, V>),
}

/// The right to look. Passed on when it is dropped, also by somebody who hung up.
struct Looking<K: Eq + Hash + Clone, V> {
    looks: Looks<K, V>,
    key: K,
}

impl<K: Eq + Hash + Clone, V: Clone> Looks<K, V> {
    /// What `look` finds, or what somebody else's look found that began after this call did.
    ///
    /// # Errors
    /// As `look`. A look that fails for one is repeated by each of those who waited for it.
    pub async fn share<E>(&self, key: K, look: impl Future<Output = Result<V, E>>) -> Result<V, E> {
        let looking = match self.queue(&key) {
            None => Looking { looks: self.clone(), key },
            Some(turn) => match turn.await {
                Ok(Turn::Seen(found)) => return Ok(found),
                Ok(Turn::Look(looking)) => looking,
                Err(_) => return look.await,
            },
        };
        let asked = std::mem::take(looking.looks.lock().get_mut(&looking.key).expect("somebody looks"));
        let found = look.await?;
        for waiting in asked {
            // Whoever hung up hears nothing.
            let _ = waiting.send(Turn::Seen(found.clone()));
        }
        Ok(found)
    }
}

impl<K: Eq + Hash + Clone, V> Looks<K, V> {
    /// Stands in line behind somebody who looks, or becomes that somebody.
    fn queue(&self, key: &K) -> Option<oneshot::Receiver<Turn<K, V>>> {
        let mut lines = self.lock();
        let Some(line) = lines.get_mut(key) else {
            lines.insert(key.clone(), Vec::new());
            return None;
        };
        let (told, turn) = oneshot::channel();
        line.push(told);
        Some(turn)
    }

    fn lock(&self) -> MutexGuard<'_, Lines<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash + Clone, V> Drop for Looking<K, V> {
    fn drop(&mut self) {
        let mut lines = self.looks.lock();
        let line = lines.get_mut(&self.key).expect("somebody looks");
        line.retain(|waiting| !waiting.is_closed());
        match line.pop() {
            Some(next) => {
                drop(lines);
                // If that one hangs up before it hears, this is dropped once more, and goes to the one after.
                let _ = next.send(Turn::Look(Looking { looks: self.looks.clone(), key: self.key.clone() }));
            }
            None => {
                lines.remove(&self.key);
            }
        }
    }
}

impl<K: Eq + Hash + Clone, V> Clone for Looks<K, V> {
    fn clone(&self) -> Self {
        Looks(Arc::clone(&self.0))
    }
}

impl<K: Eq + Hash + Clone, V> Default for Looks<K, V> {
    fn default() -> Self {
        Looks(Arc::default())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::{FutureExt as _, future};

    use super::*;

    /// A look that lasts until it is let go, and counts.
    struct Slow {
        looks: Looks<u8, usize>,
        begun: AtomicUsize,
        gate: tokio::sync::Semaphore,
    }

    impl Slow {
        fn new() -> Slow {
            Slow { looks: Looks::default(), begun: AtomicUsize::new(0), gate: tokio::sync::Semaphore::new(0) }
        }

        async fn ask(&self) -> Result<usize, &'static str> {
            let look = async {
                let which = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
                self.gate.acquire().await.expect("never closed").forget();
                Ok(which)
            };
            self.looks.share(7, look).await
        }

        fn lines(&self) -> usize {
            self.looks.lock().len()
        }
    }

    #[tokio::test]
    async fn those_who_come_during_a_look_share_the_next() {
        let slow = Slow::new();
        let mut first = Box::pin(slow.ask());
        assert!(first.as_mut().now_or_never().is_none());
        let mut others = Box::pin(future::join_all((0..50).map(|_| slow.ask())));
        assert!(others.as_mut().now_or_never().is_none());
        assert_eq!(slow.begun.load(Ordering::SeqCst), 1, "the others wait");
        slow.gate.add_permits(2);
        let (first, others) = future::join(first, others).await;
        assert_eq!(first, Ok(1));
        assert!(others.iter().all(|found| *found == Ok(2)), "none of them was there when the first look began");
        assert_eq!((slow.begun.load(Ordering::SeqCst), slow.lines()), (2, 0));
    }

    #[tokio::test]
    async fn what_is_looked_at_alone_is_looked_at_each_time() {
        let slow = Slow::new();
        slow.gate.add_permits(2);
        assert_eq!((slow.ask().await, slow.ask().await, slow.lines()), (Ok(1), Ok(2), 0));
    }

    #[tokio::test]
    async fn whoever_hangs_up_leaves_nobody_waiting() {
        let slow = Slow::new();
        let mut asking: Vec<_> = (0..4).map(|_| Box::pin(slow.ask())).collect();
        for one in &mut asking {
            assert!(one.as_mut().now_or_never().is_none());
        }
        // The one who looks; then the one who is told to look next, before it hears of it; then one who only waits.
        drop(asking.remove(0));
        drop(asking.remove(2));
        drop(asking.remove(0));
        slow.gate.add_permits(1);
        assert_eq!(asking.remove(0).await, Ok(2), "of those who hung up, only the first had begun to look");
        assert_eq!(slow.lines(), 0);
    }

    #[tokio::test]
    async fn a_look_that_fails_fails_only_the_one_who_looked() {
        let looks = Looks::<u8, u8>::default();
        let gate = tokio::sync::Semaphore::new(0);
        let failing = looks.share(7, async {
            gate.acquire().await.expect("never closed").forget();
            Err("the database is away")
        });
        let mut first = Box::pin(failing);
        assert!(first.as_mut().now_or_never().is_none());
        let second = looks.share(7, future::ready(Err("still away")));
        let others = future::join_all((0..3).map(|n| looks.share(7, future::ready(Ok::<_, &str>(n)))));
        gate.add_permits(1);
        let (first, second, others) = future::join3(first, second, others).await;
        assert_eq!((first, second), (Err("the database is away"), Err("still away")));
        assert!(others.iter().all(Result::is_ok), "{others:?}");
        assert!(looks.lock().is_empty());
    }
}
