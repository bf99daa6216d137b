-- Referrals.
CREATE TABLE referrals (
    referral_id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL,
    sender TEXT NOT NULL, -- SOR code
    receiver TEXT NOT NULL, -- SOR code
    -- The state's name in the contract's ReferralState. No CHECK: the table of states is src/referral/state.rs alone.
    state TEXT NOT NULL,
    -- The receiver knows of it. A state cannot tell: one that is withdrawn may or may not have been sent before.
    sent INTEGER NOT NULL CHECK (sent IN (0, 1)),
    -- What is asked for and what happened since, each as a Referral of the contract: read as a whole, never searched.
    asked BLOB NOT NULL,
    history BLOB NOT NULL,
    create_time TEXT NOT NULL,
    update_time TEXT NOT NULL,
    version INTEGER NOT NULL,
    CHECK (sender <> receiver) -- both halves of a list are put together without a look for doubles
) STRICT;

-- Each list reads one of these backwards from its page token.
CREATE INDEX referrals_by_patient ON referrals (patient_id, create_time, referral_id);
CREATE INDEX referrals_outbox ON referrals (sender, create_time, referral_id);
CREATE INDEX referrals_inbox ON referrals (receiver, create_time, referral_id) WHERE sent;
