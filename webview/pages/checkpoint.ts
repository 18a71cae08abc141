import '../panel/strings.ts';
import { openCheckpointPage } from '../checkpoint/checkpointPage.ts';

openCheckpointPage();
