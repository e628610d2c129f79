package idserver.server;

import idserver.store.ReservationWriter;
import idserver.store.Transactions;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import javax.sql.DataSource;

/** What the container lends. Immutable. */
record Container(
    ManagedThreadFactory threads,
    ManagedScheduledExecutorService scheduler,
    DataSource pool,
    Transactions transactions,
    ReservationWriter writer) {}
