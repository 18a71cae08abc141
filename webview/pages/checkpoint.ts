import '../panel/strings.ts';
import { openCheckpointPage } from '../checkpoint/page/checkpointPage.ts';

openCheckpointPage();
