package dev.attune.e2e;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The arrows of the house: who may use whom. Above the wire nobody knows tensors, below it nobody knows workflows. */
@AnalyzeClasses(packages = "dev.attune", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
    private static final List<String> ROOMS = List.of("text", "dataset", "engine", "pretraining", "server", "evals",
            "workflow", "cli");

    @ArchTest
    static final ArchRule textUsesNoOtherRoom = uses("text");
    @ArchTest
    static final ArchRule datasetUsesOnlyText = uses("dataset", "text");
    @ArchTest
    static final ArchRule evalsUsesNoOtherRoom = uses("evals");
    @ArchTest
    static final ArchRule engineUsesOnlyWhatLiesBelowIt = uses("engine", "dataset", "text");
    @ArchTest
    static final ArchRule pretrainingUsesTheEngineAndNothingAboveIt = uses("pretraining", "engine", "dataset", "text");
    @ArchTest
    static final ArchRule serverUsesOnlyWhatLiesBelowIt = uses("server", "engine", "dataset", "text");
    @ArchTest
    static final ArchRule workflowKnowsNoTensorsAndNoServer = uses("workflow", "evals", "dataset", "text");

    @ArchTest
    static final ArchRule nobodyImportsTheCommandLine = noClasses().that().resideOutsideOfPackage("dev.attune.cli..")
            .should().dependOnClassesThat().resideInAPackage("dev.attune.cli..");

    @ArchTest
    static final ArchRule onlyTheHttpPartOfTheServerKnowsJavalin = noClasses().that()
            .resideOutsideOfPackage("dev.attune.server.http")
            .should().dependOnClassesThat()
            .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..");

    @ArchTest
    static final ArchRule onlyTheEngineAndPretrainingKnowLibtorch = noClasses().that()
            .resideOutsideOfPackages("dev.attune.engine..", "dev.attune.pretraining..", "dev.attune.bench..")
            .should().dependOnClassesThat().resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule onlyTheWorkflowAndTheCommandLineSpeakThroughTheClient = noClasses().that()
            .resideOutsideOfPackages("dev.attune.workflow..", "dev.attune.cli..")
            .should().dependOnClassesThat().resideInAPackage("com.openai..");

    @ArchTest
    static final ArchRule nobodyUsesTheOldJackson = noClasses().should().dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml.jackson.core..", "com.fasterxml.jackson.databind..");

    /** A room is one package, or that and one floor of parts beneath it; {@code *} is one name. */
    @ArchTest
    static final ArchRule roomsHaveAtMostOneFloorOfParts = classes().that().resideInAPackage("dev.attune..")
            .should().resideInAnyPackage(ROOMS.stream()
                    .flatMap(room -> Stream.of("dev.attune." + room, "dev.attune." + room + ".*"))
                    .toArray(String[]::new));

    @ArchTest
    static final ArchRule partsOfTheDatasetRoomStandInOneOrder = slices().matching("dev.attune.dataset.(*)")
            .should().beFreeOfCycles();

    @ArchTest
    static final ArchRule partsOfTheEvaluationRoomStandInOneOrder = slices().matching("dev.attune.evals.(*)")
            .should().beFreeOfCycles();

    @ArchTest
    static final ArchRule partsOfTheEngineRoomStandInOneOrder = slices().matching("dev.attune.engine.(*)")
            .should().beFreeOfCycles();

    @ArchTest
    static final ArchRule tensorsKnowNoModels = part("engine", "tensor");
    @ArchTest
    static final ArchRule configurationsKnowNoModels = part("engine", "config", "tensor");
    @ArchTest
    static final ArchRule modelsKnowNeitherSamplingNorTraining = part("engine", "model", "config", "tensor");
    @ArchTest
    static final ArchRule samplingKnowsNoTraining = part("engine", "sample", "model", "config", "tensor");

    @ArchTest
    static final ArchRule partsOfTheServerRoomStandInOneOrder = slices().matching("dev.attune.server.(*)")
            .should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theServersStoreKnowsNothingOfWhatIsKept = part("server", "store");
    @ArchTest
    static final ArchRule theServersProtocolKnowsOnlyTheStore = part("server", "protocol", "store");
    @ArchTest
    static final ArchRule filesKnowNoJobs = part("server", "files", "protocol", "store");
    @ArchTest
    static final ArchRule modelsKnowNeitherChatNorJobs = part("server", "models", "protocol", "store");
    @ArchTest
    static final ArchRule chatKnowsNoJobs = part("server", "chat", "models", "protocol", "store");
    @ArchTest
    static final ArchRule jobsKnowNoChat = part("server", "jobs", "files", "models", "protocol", "store");

    /** Whoever puts the server together knows its parts; they do not know it. */
    @ArchTest
    static final ArchRule noPartOfTheServerKnowsWhoStartsIt = noClasses().that()
            .resideInAPackage("dev.attune.server.*").should().dependOnClassesThat()
            .resideInAPackage("dev.attune.server");

    @ArchTest
    static final ArchRule onlyTheServersOutsideKnowsItsHttpPart = noClasses().that()
            .resideInAPackage("dev.attune.server.*").and().resideOutsideOfPackage("dev.attune.server.http").should()
            .dependOnClassesThat().resideInAPackage("dev.attune.server.http");

    /** A rule about a room that holds no class would pass and say nothing. */
    @ArchTest
    static void everyRoomIsLookedAt(JavaClasses all) {
        var seen = all.stream().map(c -> c.getPackageName().split("\\.")[2])
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(seen).containsAll(ROOMS);
    }

    /** A part of a room, and what it may know of the room: the parts below it, and what lies in the room's own package. */
    private static ArchRule part(String room, String part, String... lower) {
        String inRoom = "dev.attune." + room;
        String[] allowed = Stream.concat(Stream.of(inRoom, inRoom + "." + part),
                Stream.of(lower).map(name -> inRoom + "." + name)).toArray(String[]::new);
        return classes().that().resideInAPackage(inRoom + "." + part).should().onlyDependOnClassesThat(
                resideOutsideOfPackage(inRoom + "..").or(resideInAnyPackage(allowed)));
    }

    private static ArchRule uses(String room, String... lower) {
        List<String> allowed = List.of(lower);
        String[] forbidden = ROOMS.stream().filter(other -> !other.equals(room) && !allowed.contains(other))
                .map(other -> "dev.attune." + other + "..").toArray(String[]::new);
        return noClasses().that().resideInAPackage("dev.attune." + room + "..").should().dependOnClassesThat()
                .resideInAnyPackage(forbidden);
    }
}
