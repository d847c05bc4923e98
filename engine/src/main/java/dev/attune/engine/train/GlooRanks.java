package dev.attune.engine.train;

import dev.attune.engine.EngineException;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** Processes on one or more machines that add by libtorch's c10d, over TCP (Gloo). */
final class GlooRanks implements Ranks {
    private static final long JOIN_MILLIS = 120_000;
    /** How long one process may wait for another, which may be measuring or writing. */
    private static final long WAIT_MILLIS = 1_800_000;

    private final WorkerPlace place;
    /** Where the processes meet: worker 0 serves it, and others may still be reading when it has met them. */
    private final TCPStore store;
    private final ProcessGroupGloo group;
    private boolean lost;

    private GlooRanks(WorkerPlace place, TCPStore store, ProcessGroupGloo group) {
        this.place = place;
        this.store = store;
        this.group = group;
    }

    /**
     * Meets the others.
     *
     * @throws EngineException where they do not come
     */
    static Ranks join(WorkerPlace place) {
        try (var scope = new PointerScope()) {
            var options = new TCPStoreOptions().port((short) place.port()).isServer(place.rank() == 0)
                    .waitWorkers(false).timeout(new Milliseconds(JOIN_MILLIS));
            var store = new TCPStore(place.address(), options);
            ProcessGroupGloo.Options gloo = ProcessGroupGloo.Options.create(new Milliseconds(WAIT_MILLIS));
            var devices = new GlooDeviceVector();
            devices.push_back(isLocal(place.address())
                    ? ProcessGroupGloo.createDeviceForHostname(place.address())
                    : ProcessGroupGloo.createDefaultDevice());
            gloo.devices(devices);
            var group = new ProcessGroupGloo(store, place.rank(), place.size(), gloo);
            store.retainReference();
            group.retainReference();
            return new GlooRanks(place, store, group);
        } catch (RuntimeException e) {
            throw new EngineException("Worker " + place.rank() + " of " + place.size() + " did not meet the others at "
                    + place.address() + ":" + place.port() + " (" + e.getMessage()
                    + "): start all of them with the same MASTER_ADDR and MASTER_PORT.", e);
        }
    }

    private static boolean isLocal(String address) {
        return address.equals("localhost") || address.startsWith("127.");
    }

    @Override
    public int rank() {
        return place.rank();
    }

    @Override
    public int size() {
        return place.size();
    }

    @Override
    public void add(Tensor vector) {
        if (lost) {
            throw new Lost("Another of the " + place.size() + " workers is gone.", new IllegalStateException("lost"));
        }
        try (var inner = new PointerScope()) {
            group.allreduce(new TensorVector(vector))._wait();
        } catch (RuntimeException e) {
            lost = true;
            throw new Lost("Another of the " + place.size() + " workers is gone.", e);
        }
    }

    @Override
    public double[] add(double... figures) {
        try (var inner = new PointerScope()) {
            Tensor tensor = Tensor.create(figures);
            add(tensor);
            var sums = new double[figures.length];
            tensor.data_ptr_double().get(sums);
            return sums;
        }
    }

    @Override
    public void close() {
        group.releaseReference();
        store.releaseReference();
    }
}
